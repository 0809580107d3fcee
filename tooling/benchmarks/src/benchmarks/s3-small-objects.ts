import { awscli, rclone } from '@holdfast/tooling-services';
import { HttpObjects } from '../bare/http-objects.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost } from '../framework/target.ts';
import { findTool } from '../s3/find-tool.ts';
import { RcloneServer } from '../s3/rclone-server.ts';
import { type S3LibraryName, S3Process } from '../s3/s3-process.ts';
import type { S3Report } from '../s3/s3-work.ts';
import {
  awscliContender,
  bareContender,
  libraryContender,
  rcloneContender,
} from '../s3/small-object-contenders.ts';
import { SmallObjects } from '../s3/small-objects.ts';

const concurrency = 32;

const declaration = {
  group: BenchmarkGroup.S3,
  amount: {
    full: { count: 10_000, unit: 'objects', sizeBytes: 4_096 },
    quick: { count: 500, unit: 'objects', sizeBytes: 4_096 },
  },
} as const;
const conditions = {
  atOnce: concurrency,
  processState: 'warm',
  fileCache: 'warm',
  synced: 'nothing, on all sides',
} as const;
const programs = 'rclone, which runs already, and awscli, which is started, take files';

/** Small objects on their way into S3. */
export const s3PutSmall: Benchmark = {
  ...declaration,
  name: 's3-put-4-kib',
  work: 'put of 4 KiB to S3',
  quantity: 'time',
  conditions: { ...conditions, buffer: `the caller's; ${programs}` },
  target: ratioOfAtMost(1.05),
  prepare: (setting) => prepareTimes(setting, 'put'),
};

/** What that takes of the processor. */
export const s3PutSmallCpu: Benchmark = {
  ...declaration,
  name: 's3-put-4-kib-cpu',
  work: 'CPU time of the process during it',
  quantity: 'cpu-time',
  conditions: { ...conditions, buffer: "the caller's" },
  target: ratioOfAtMost(1.1),
  prepare: (setting) => prepareCpu(setting, 'put'),
};

/** Small objects on their way out of S3. */
export const s3GetSmall: Benchmark = {
  ...declaration,
  name: 's3-get-4-kib',
  work: 'get of 4 KiB from S3',
  quantity: 'time',
  conditions: { ...conditions, buffer: `fresh for each object; ${programs.replace('take', 'make')}` },
  target: ratioOfAtMost(1.05),
  prepare: (setting) => prepareTimes(setting, 'get'),
};

/** What that takes of the processor. */
export const s3GetSmallCpu: Benchmark = {
  ...declaration,
  name: 's3-get-4-kib-cpu',
  work: 'CPU time of the process during it',
  quantity: 'cpu-time',
  conditions: { ...conditions, buffer: 'fresh for each object' },
  target: ratioOfAtMost(1.1),
  prepare: (setting) => prepareCpu(setting, 'get'),
};

/** The objects, and what ends with them. */
interface Field {
  readonly objects: SmallObjects;
  readonly held: AsyncDisposableStack;
  readonly enter: (library: S3LibraryName, figure: keyof S3Report) => Promise<Contender>;
}

async function open(setting: Setting, direction: 'put' | 'get'): Promise<Field> {
  const held = new AsyncDisposableStack();
  const objects = held.use(await SmallObjects.make(setting, { direction, atOnce: concurrency }));
  const enter = async (library: S3LibraryName, figure: keyof S3Report): Promise<Contender> => {
    const process = held.use(await S3Process.start(library, objects.place));
    return libraryContender(objects, process, { library, figure });
  };
  return { objects, held, enter };
}

async function prepareTimes(setting: Setting, direction: 'put' | 'get'): Promise<Contest> {
  const [rclonePath, awscliPath] = [await findTool(rclone, setting), await findTool(awscli, setting)];
  const { objects, held, enter } = await open(setting, direction);
  const server = held.use(await RcloneServer.start(rclonePath, objects.place.endpoint));
  const http = held.use(new HttpObjects({ connections: concurrency }));
  return {
    ours: await enter('holdfast', 'milliseconds'),
    peers: [
      await enter('sdk', 'milliseconds'),
      rcloneContender(objects, server),
      await awscliContender(objects, awscliPath, setting),
    ],
    limit: bareContender(objects, http),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function prepareCpu(setting: Setting, direction: 'put' | 'get'): Promise<Contest> {
  const { held, enter } = await open(setting, direction);
  return {
    ours: await enter('holdfast', 'cpuMilliseconds'),
    peers: [await enter('sdk', 'cpuMilliseconds')],
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
