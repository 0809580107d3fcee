import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rclone } from '@holdfast/tooling-services';
import { HttpObjects } from '../bare/http-objects.ts';
import { atOnce } from '../framework/at-once.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import { runProgram } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost } from '../framework/target.ts';
import { checkListing } from '../material/check-listing.ts';
import { check } from '../material/check.ts';
import { digestOf } from '../material/file-digest.ts';
import { type S3Place, S3Server } from '../material/s3-server.ts';
import { HoldfastMirror } from '../mirror/holdfast-mirror.ts';
import {
  type LargeMirrorSource,
  type MirrorSource,
  largeSource,
  smallSource,
} from '../mirror/mirror-source.ts';
import { findTool } from '../s3/find-tool.ts';
import { rcloneSettings } from '../s3/rclone-settings.ts';
import { signedUrls } from '../s3/signed-urls.ts';

const objectsAtOnce = 16;
const gibibyte = 1_073_741_824;
const contentPrefix = 'objects/';

const small = {
  full: { count: 10_000, unit: 'objects', sizeBytes: 65_536 },
  quick: { count: 500, unit: 'objects', sizeBytes: 65_536 },
} as const;
const shared = { group: BenchmarkGroup.Mirror, quantity: 'time' } as const;
const conditions = {
  atOnce: objectsAtOnce,
  processState: 'fresh',
  fileCache: 'warm',
  synced: 'nothing, on all sides',
} as const;
const digests = 'we check SHA-256, rclone MD5; each program from its start to its end, ours built';

/** Many small objects from a filesystem to S3. */
export const mirrorSmall: Benchmark = {
  ...shared,
  name: 'mirror-64-kib',
  work: 'mirror of 64 KiB objects to S3, digests checked',
  amount: small,
  conditions: { ...conditions, buffer: digests },
  target: ratioOfAtMost(1.3),
  prepare: async (setting) => prepareCopies(setting, await smallSource(setting), checkSmall),
};

/** One large object from a filesystem to S3. */
export const mirrorLarge: Benchmark = {
  ...shared,
  name: 'mirror-2-gib',
  work: 'mirror of 2 GiB to S3, digests checked',
  amount: {
    full: { count: 1, unit: 'objects', sizeBytes: 2 * gibibyte },
    quick: { count: 1, unit: 'objects', sizeBytes: gibibyte / 8 },
  },
  conditions: { ...conditions, atOnce: 1, buffer: `parts of 8 MiB, 4 at once; ${digests}` },
  target: ratioOfAtMost(1),
  prepare: async (setting) => prepareCopies(setting, await largeSource(setting), checkLarge),
};

/** A mirror that has nothing to do. */
export const mirrorAgain: Benchmark = {
  ...shared,
  name: 'mirror-again',
  work: 'mirror again with nothing changed',
  amount: small,
  conditions: {
    ...conditions,
    buffer: 'we know the digests, rclone compares times or, with --checksum, MD5; programs from start to end',
  },
  target: ratioOfAtMost(0.5),
  prepare: prepareAgain,
};

/** Two programs and the server between which they are compared. */
interface Field {
  readonly server: S3Server;
  readonly ours: HoldfastMirror;
  /** Runs rclone from a folder to a bucket. */
  readonly copy: (from: string, to: S3Place, flags?: readonly string[]) => Promise<void>;
}

type Check<Source> = (
  server: S3Server,
  place: S3Place,
  told: { source: Source; who: string },
) => Promise<void>;

async function open(setting: Setting, { store }: Pick<MirrorSource, 'store'>): Promise<Field> {
  const program = await findTool(rclone, setting);
  const ours = await HoldfastMirror.make(setting, store);
  const server = await S3Server.open();
  const env = { ...process.env, ...rcloneSettings(server.endpoint) };
  const many = ['--transfers', String(objectsAtOnce), '--checkers', String(objectsAtOnce)];
  const copy = async (from: string, { bucket }: S3Place, flags: readonly string[] = []): Promise<void> => {
    await runProgram(program, ['copy', ...many, ...flags, from, `lake:${bucket}`], { env });
  };
  return { server, ours, copy };
}

async function prepareCopies<Source extends MirrorSource | LargeMirrorSource>(
  setting: Setting,
  source: Source,
  checkTarget: Check<Source>,
): Promise<Contest> {
  const { server, ours, copy } = await open(setting, source);
  const contender = (name: string, run: (place: S3Place) => Promise<() => Promise<unknown>>): Contender => ({
    name,
    run: async (turn) => {
      const place = await server.makeBucket();
      const work = await run(place);
      await turn.measure(async () => void (await work()));
      await checkTarget(server, place, { source, who: name });
      await server.empty(place);
      await server.client.deleteBucket({ Bucket: place.bucket });
    },
  });
  return {
    ours: contender('Holdfast', async (place) => {
      await ours.aimAt(place);
      return () => ours.run(place);
    }),
    peers: [contender('rclone copy', async (place) => () => copy(source.files, place))],
    limit: contender('bare HTTP, signed before', (place) => barePuts(source, place)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function prepareAgain(setting: Setting): Promise<Contest> {
  const source = await smallSource(setting);
  const { server, ours, copy } = await open(setting, source);
  const [target, other] = [await server.makeBucket(), await server.makeBucket()];
  await ours.aimAt(target);
  setting.say('mirroring for the first time');
  await ours.run(target);
  await copy(source.files, other);
  const peer = (name: string, flags: readonly string[]): Contender => ({
    name,
    run: async (turn) => {
      await turn.measure(() => copy(source.files, other, flags));
      await checkSmall(server, other, { source, who: name });
    },
  });
  return {
    ours: {
      name: 'Holdfast',
      run: async (turn) => {
        const { stderr, milliseconds } = await ours.run(target);
        turn.record(milliseconds);
        check(stderr.includes('already exist'), `the mirror said: ${stderr}`);
        await checkSmall(server, target, { source, who: 'Holdfast' });
      },
    },
    peers: [peer('rclone copy', []), peer('rclone copy --checksum', ['--checksum'])],
    limit: {
      name: 'listing the bucket',
      run: (turn) => turn.measure(async () => void (await server.list(other))),
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Puts every file by a request of its own to an address that was signed before. */
async function barePuts(
  source: MirrorSource | LargeMirrorSource,
  place: S3Place,
): Promise<() => Promise<void>> {
  const files =
    'md5s' in source
      ? [...source.md5s.keys()].map((key) => ({ key, path: join(source.files, key) }))
      : [{ key: source.key, path: source.path }];
  const urls = await signedUrls(
    place,
    'PUT',
    files.map(({ key }) => key),
  );
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  return async () => {
    using http = new HttpObjects({ connections: objectsAtOnce });
    await atOnce(files.length, objectsAtOnce, async (number) => {
      const { path = '' } = files[number] ?? {};
      await http.putFile(urls[number] ?? '', { path, sizeBytes: sizes[number] ?? 0 });
    });
  };
}

/** Every object and no other one; beside them may lie the claim of our registry. */
const checkSmall: Check<MirrorSource> = async (server, place, { source, who }) =>
  checkListing(await server.list(place, contentPrefix), source.md5s, who);

const checkLarge: Check<LargeMirrorSource> = async (server, place, { source, who }) => {
  check((await digestOf(await server.read(place, source.key))) === source.digest, `${who} left other bytes`);
};
