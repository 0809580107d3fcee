import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { rclone } from '@holdfast/tooling-services';
import { HttpObjects } from '../bare/http-objects.ts';
import type { Contender, Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { check } from '../material/check.ts';
import { digestOf, fileDigest } from '../material/file-digest.ts';
import { largeFile } from '../material/large-file.ts';
import { type S3Place, S3Server } from '../material/s3-server.ts';
import type { SampleFile } from '../material/sample-file.ts';
import { findTool } from './find-tool.ts';
import { RcloneServer } from './rclone-server.ts';
import { type OpenOptions, s3Transfer } from './s3-library.ts';
import { type S3LibraryName, S3Process } from './s3-process.ts';
import { signedUrls } from './signed-urls.ts';

const keptKey = 'kept/large';
const names = { holdfast: 'Holdfast', sdk: '@aws-sdk/lib-storage' } as const;

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

/** Who is measured. */
export interface TimedContenders {
  readonly inProcess: MakeProcessContender;
  readonly rclone: (server: RcloneServer, ends: Ends) => Contender;
  readonly limit?: (http: HttpObjects, ends: Ends) => Contender;
  /** What each connection lets pass. */
  readonly bytesPerSecond?: number;
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

/** Contenders by the clock. */
export async function prepareTimes(setting: Setting, make: TimedContenders): Promise<Contest> {
  const program = await findTool(rclone, setting);
  const near = await openEnds(setting);
  const held = new AsyncDisposableStack();
  held.use(near.server);
  const { bytesPerSecond } = make;
  const ends =
    bytesPerSecond === undefined
      ? near
      : { ...near, place: await slowed(near.place, { bytesPerSecond, held }) };
  const enter = async (library: S3LibraryName): Promise<Contender> => {
    const process = held.use(await S3Process.start(library, ends.place));
    const options = {
      find: async () => process,
      release: async () => undefined,
      figure: 'milliseconds',
    } as const;
    return make.inProcess(library, ends, options);
  };
  const ours = await enter('holdfast');
  const sdk = await enter('sdk');
  const server = held.use(await RcloneServer.start(program, ends.place.endpoint));
  const http = held.use(new HttpObjects({ connections: 1 }));
  return {
    ours,
    peers: [sdk, make.rclone(server, ends)],
    ...(make.limit === undefined ? {} : { limit: make.limit(http, ends) }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The same place, where every connection is narrow. */
async function slowed(
  { endpoint, bucket }: S3Place,
  { bytesPerSecond, held }: { readonly bytesPerSecond: number; readonly held: AsyncDisposableStack },
): Promise<S3Place> {
  const proxy = held.use(await FaultProxy.open(endpoint));
  proxy.fail({ kind: 'bandwidth', bytesPerSecond });
  return { endpoint: proxy.address, bucket };
}

/** Contenders by their memory. */
export async function prepareMemory(setting: Setting, make: MakeProcessContender): Promise<Contest> {
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

export function putter(
  library: S3LibraryName,
  ends: Ends,
  { find, release, figure }: ProcessOptions,
): Contender {
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

export function getter(how: OpenOptions): MakeProcessContender {
  return (library, ends, { find, release, figure }) => {
    const name = library === 'sdk' ? 'AWS SDK' : names[library];
    return {
      name,
      run: async (turn) => {
        const process = await find();
        const path = `${ends.folder}/${turn.label}`;
        turn.record((await process.run({ does: 'get-file', key: keptKey, path, ...how }))[figure]);
        await release(process);
        await checkFile(ends, path, name);
      },
    };
  };
}

export function rclonePutter(server: RcloneServer, ends: Ends): Contender {
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

export function rcloneGetter(how: OpenOptions): TimedContenders['rclone'] {
  const { partsAtOnce, partSizeBytes } = s3Transfer;
  const settings = how.inParts
    ? {
        MultiThreadStreams: partsAtOnce,
        MultiThreadCutoff: partSizeBytes,
        MultiThreadChunkSize: partSizeBytes,
        MultiThreadSet: true,
      }
    : { MultiThreadStreams: 0 };
  return (server, ends) => ({
    name: 'rclone',
    run: async (turn) => {
      await turn.measure(
        async () =>
          void (await server.call('operations/copyfile', {
            srcFs: `lake:${ends.place.bucket}`,
            srcRemote: keptKey,
            dstFs: ends.folder,
            dstRemote: turn.label,
            _config: settings,
          })),
      );
      await checkFile(ends, `${ends.folder}/${turn.label}`, 'rclone');
    },
  });
}

export function barePutter(http: HttpObjects, ends: Ends): Contender {
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

export function bareGetter(http: HttpObjects, ends: Ends): Contender {
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
