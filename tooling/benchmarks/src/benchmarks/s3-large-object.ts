import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { rclone } from '@holdfast/tooling-services';
import { HttpObjects } from '../bare/http-objects.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { atMost, ratioOfAtMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { digestOf, fileDigest } from '../material/file-digest.ts';
import { type S3Place, S3Server } from '../material/s3-server.ts';
import type { SampleFile } from '../material/sample-file.ts';
import { findTool } from '../s3/find-tool.ts';
import { RcloneServer } from '../s3/rclone-server.ts';
import { s3Transfer } from '../s3/s3-library.ts';
import { S3Process, type S3LibraryName } from '../s3/s3-process.ts';
import { signedUrls } from '../s3/signed-urls.ts';
import { largeAmount, largeFile } from './large-file.ts';

const mebibyte = 1_048_576;
const partsInFlightBytes = s3Transfer.partsAtOnce * s3Transfer.partSizeBytes;
const keptKey = 'kept/large';
const names = { holdfast: 'Holdfast', sdk: '@aws-sdk/lib-storage' } as const;

const declaration = { group: BenchmarkGroup.S3, amount: largeAmount } as const;
const parts = 'from a file, in parts of 8 MiB, 4 at once';
const conditions = { atOnce: 1, fileCache: 'warm', synced: 'nothing, by nobody' } as const;
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
  prepare: (setting) => prepareTimes(setting, { putter, rclone: rclonePutter, limit: barePutter }),
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
    buffer: 'into a file, by one request on all sides; nobody hashes but rclone',
  },
  target: ratioOfAtMost(1),
  prepare: (setting) => prepareTimes(setting, { putter: getter, rclone: rcloneGetter, limit: bareGetter }),
};

/** How much memory that takes. */
export const s3GetLargeMemory: Benchmark = {
  ...declaration,
  name: 's3-get-1-gib-memory',
  work: 'memory above idle during it',
  quantity: 'memory',
  conditions: { ...conditions, processState: 'fresh', buffer: 'into a file, by one request' },
  target: atMost(64 * mebibyte),
  prepare: (setting) => prepareMemory(setting, getter),
};

/** Where the bytes lie on both sides. */
interface Ends {
  readonly server: S3Server;
  readonly place: S3Place;
  readonly file: SampleFile;
  /** A folder for what is fetched. */
  readonly folder: string;
}

type MakeProcessContender = (library: S3LibraryName, ends: Ends, options: ProcessOptions) => Contender;

interface ProcessOptions {
  readonly find: () => Promise<S3Process>;
  readonly release: (process: S3Process) => Promise<void>;
  readonly figure: 'milliseconds' | 'peakAboveIdleBytes';
}

interface TimedContenders {
  readonly putter: MakeProcessContender;
  readonly rclone: (server: RcloneServer, ends: Ends) => Contender;
  readonly limit: (http: HttpObjects, ends: Ends) => Contender;
}

async function openEnds(setting: Setting): Promise<Ends> {
  const file = await largeFile(setting);
  const server = await S3Server.open();
  const place = await server.makeBucket();
  const folder = await setting.makeFolder('fetched');
  await using process = await S3Process.start('sdk', place);
  await process.run({ does: 'put-file', key: keptKey, path: file.path });
  return { server, place, file, folder };
}

async function prepareTimes(setting: Setting, make: TimedContenders): Promise<Contest> {
  const program = await findTool(rclone, setting);
  const ends = await openEnds(setting);
  const held = new AsyncDisposableStack();
  held.use(ends.server);
  const enter = async (library: S3LibraryName): Promise<Contender> => {
    const process = held.use(await S3Process.start(library, ends.place));
    const options = {
      find: async () => process,
      release: async () => undefined,
      figure: 'milliseconds',
    } as const;
    return make.putter(library, ends, options);
  };
  const ours = await enter('holdfast');
  const sdk = await enter('sdk');
  const server = held.use(await RcloneServer.start(program, ends.place.endpoint));
  const http = held.use(new HttpObjects({ connections: 1 }));
  return {
    ours,
    peers: [sdk, make.rclone(server, ends)],
    limit: make.limit(http, ends),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function prepareMemory(setting: Setting, make: MakeProcessContender): Promise<Contest> {
  const ends = await openEnds(setting);
  const enter = (library: S3LibraryName): Contender =>
    make(library, ends, {
      find: () => S3Process.start(library, ends.place),
      release: (process) => process[Symbol.asyncDispose](),
      figure: 'peakAboveIdleBytes',
    });
  return {
    ours: enter('holdfast'),
    peers: [{ ...enter('sdk'), isTold: true }],
    [Symbol.asyncDispose]: () => ends.server[Symbol.asyncDispose](),
  };
}

function putter(library: S3LibraryName, ends: Ends, { find, release, figure }: ProcessOptions): Contender {
  return {
    name: names[library],
    run: async (turn) => {
      const process = await find();
      const key = `${turn.label}/large`;
      turn.record((await process.run({ does: 'put-file', key, path: ends.file.path }))[figure]);
      await release(process);
      await checkObject(ends, key, names[library]);
    },
  };
}

function getter(library: S3LibraryName, ends: Ends, { find, release, figure }: ProcessOptions): Contender {
  const name = library === 'sdk' ? 'AWS SDK' : names[library];
  return {
    name,
    run: async (turn) => {
      const process = await find();
      const path = `${ends.folder}/${turn.label}`;
      turn.record((await process.run({ does: 'get-file', key: keptKey, path }))[figure]);
      await release(process);
      await checkFile(ends, path, name);
    },
  };
}

function rclonePutter(server: RcloneServer, ends: Ends): Contender {
  return {
    name: 'rclone',
    run: async (turn) => {
      const key = `${turn.label}/large`;
      const { path } = ends.file;
      const from = { srcFs: dirname(path), srcRemote: basename(path) };
      await turn.measure(
        async () =>
          void (await server.call('operations/copyfile', {
            ...from,
            dstFs: `lake:${ends.place.bucket}`,
            dstRemote: key,
          })),
      );
      await checkObject(ends, key, 'rclone');
    },
  };
}

function rcloneGetter(server: RcloneServer, ends: Ends): Contender {
  return {
    name: 'rclone',
    run: async (turn) => {
      await turn.measure(
        async () =>
          void (await server.call('operations/copyfile', {
            srcFs: `lake:${ends.place.bucket}`,
            srcRemote: keptKey,
            dstFs: ends.folder,
            dstRemote: turn.label,
            _config: { MultiThreadStreams: 0 },
          })),
      );
      await checkFile(ends, `${ends.folder}/${turn.label}`, 'rclone');
    },
  };
}

function barePutter(http: HttpObjects, ends: Ends): Contender {
  return {
    name: 'bare HTTP, signed before',
    run: async (turn) => {
      const key = `${turn.label}/large`;
      const [url = ''] = await signedUrls(ends.place, 'PUT', [key]);
      await turn.measure(() => http.putFile(url, ends.file));
      await checkObject(ends, key, 'bare HTTP');
    },
  };
}

function bareGetter(http: HttpObjects, ends: Ends): Contender {
  return {
    name: 'bare HTTP, signed before',
    run: async (turn) => {
      const [url = ''] = await signedUrls(ends.place, 'GET', [keptKey]);
      const path = `${ends.folder}/${turn.label}`;
      await turn.measure(() => http.getFile(url, path));
      await checkFile(ends, path, 'bare HTTP');
    },
  };
}

/** Reads back what was put, and removes it. */
async function checkObject({ server, place, file }: Ends, key: string, who: string): Promise<void> {
  check((await digestOf(await server.read(place, key))) === file.digest, `${who} put other bytes`);
  await server.client.deleteObject({ Bucket: place.bucket, Key: key });
}

async function checkFile({ file }: Ends, path: string, who: string): Promise<void> {
  check((await fileDigest(path)) === file.digest, `${who} fetched other bytes`);
  await rm(path);
}
