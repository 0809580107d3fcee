import { type Benchmark, BenchmarkGroup } from '../framework/benchmark.ts';
import { atMost, ratioOfAtMost } from '../framework/target.ts';
import { largeAmount } from '../material/large-file.ts';
import {
  bareGetter,
  barePutter,
  getter,
  prepareMemory,
  prepareTimes,
  putter,
  rcloneGetter,
  rclonePutter,
} from '../s3/large-object-contest.ts';
import { type OpenOptions, s3Transfer } from '../s3/s3-library.ts';

const mebibyte = 1_048_576;
const partsInFlightBytes = s3Transfer.partsAtOnce * s3Transfer.partSizeBytes;

const declaration = { group: BenchmarkGroup.S3, amount: largeAmount } as const;
const inParts = 'in parts of 8 MiB, 4 at once';
const parts = `from a file, ${inParts}`;
const byOneRequest: OpenOptions = { inParts: false };
const bySeveral: OpenOptions = { inParts: true };
const conditions = { atOnce: 1, fileCache: 'warm', synced: 'nothing, on all sides' } as const;
const hashesOnTheWayIn =
  'we hash the whole with SHA-256, rclone with MD5, lib-storage each part with CRC-32; both SDKs sign each part with SHA-256';

/** A file on its way into S3. */
export const s3PutLarge: Benchmark = {
  ...declaration,
  name: 's3-put-1-gib',
  work: 'put of 1 GiB to S3',
  quantity: 'time',
  conditions: {
    ...conditions,
    processState: 'warm',
    buffer: `${parts}; ${hashesOnTheWayIn}; limit: one request`,
  },
  target: ratioOfAtMost(1),
  prepare: (setting) => prepareTimes(setting, { inProcess: putter, rclone: rclonePutter, limit: barePutter }),
};

/** How much memory it takes. */
export const s3PutLargeMemory: Benchmark = {
  ...declaration,
  name: 's3-put-1-gib-memory',
  work: 'memory above idle during it',
  quantity: 'memory',
  conditions: {
    ...conditions,
    processState: 'fresh',
    buffer: `${parts}; the target is 64 MiB and these parts`,
  },
  target: atMost(64 * mebibyte + partsInFlightBytes),
  prepare: (setting) => prepareMemory(setting, putter),
};

/** A file on its way out of S3. */
export const s3GetLarge: Benchmark = {
  ...declaration,
  name: 's3-get-1-gib',
  work: 'get of 1 GiB from S3',
  quantity: 'time',
  conditions: {
    ...conditions,
    processState: 'warm',
    buffer: 'into a file, by one request on all sides; only rclone hashes',
  },
  target: ratioOfAtMost(1),
  prepare: (setting) =>
    prepareTimes(setting, {
      inProcess: getter(byOneRequest),
      rclone: rcloneGetter(byOneRequest),
      limit: bareGetter,
    }),
};

/** The same, of an object that never changes. */
export const s3GetLargeInParts: Benchmark = {
  ...declaration,
  name: 's3-get-1-gib-in-parts',
  work: 'get of 1 GiB from S3, in parts',
  quantity: 'time',
  conditions: {
    ...conditions,
    processState: 'warm',
    buffer: `into a file; ours and rclone ${inParts}, the SDK, which has no such thing, by one request; only rclone hashes`,
  },
  target: ratioOfAtMost(1),
  prepare: (setting) =>
    prepareTimes(setting, {
      inProcess: getter(bySeveral),
      rclone: rcloneGetter(bySeveral),
      limit: bareGetter,
    }),
};

/** How much memory that takes. */
export const s3GetLargeMemory: Benchmark = {
  ...declaration,
  name: 's3-get-1-gib-memory',
  work: 'memory above idle during it',
  quantity: 'memory',
  conditions: { ...conditions, processState: 'fresh', buffer: 'into a file, by one request' },
  target: atMost(64 * mebibyte),
  prepare: (setting) => prepareMemory(setting, getter(byOneRequest)),
};

/** How much memory parts take. */
export const s3GetLargeInPartsMemory: Benchmark = {
  ...declaration,
  name: 's3-get-1-gib-in-parts-memory',
  work: 'memory above idle during it',
  quantity: 'memory',
  conditions: {
    ...conditions,
    processState: 'fresh',
    buffer: `into a file, ours ${inParts}; the target is 64 MiB and these parts`,
  },
  target: atMost(64 * mebibyte + partsInFlightBytes),
  prepare: (setting) => prepareMemory(setting, getter(bySeveral)),
};

const narrowBytesPerSecond = 32 * mebibyte;

/** A file on its way out of S3 where the network, not the machine, is the limit. */
export const s3GetOverNarrowConnections: Benchmark = {
  group: BenchmarkGroup.S3,
  amount: {
    full: { count: 1, unit: 'objects', sizeBytes: 256 * mebibyte },
    quick: { count: 1, unit: 'objects', sizeBytes: 32 * mebibyte },
  },
  name: 's3-get-over-narrow-connections',
  work: 'get of 256 MiB from S3 over connections of 32 MiB/s each',
  quantity: 'time',
  conditions: {
    ...conditions,
    processState: 'warm',
    buffer: `into a file; ours and rclone ${inParts}, the SDK by one request; 4 connections bring it in 2 s`,
  },
  target: ratioOfAtMost(1),
  prepare: (setting) =>
    prepareTimes(setting, {
      inProcess: getter(bySeveral),
      rclone: rcloneGetter(bySeveral),
      bytesPerSecond: narrowBytesPerSecond,
    }),
};
