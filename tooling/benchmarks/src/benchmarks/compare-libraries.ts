import { atOnce } from '../framework/at-once.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { lessThanPeer } from '../framework/target.ts';
import type { Turn } from '../framework/turn.ts';
import { openBareFiles } from '../libraries/bare-files.ts';
import { openCacache } from '../libraries/cacache.ts';
import { openFilesSdk } from '../libraries/files-sdk.ts';
import { openFlydrive } from '../libraries/flydrive.ts';
import { openHoldfast } from '../libraries/holdfast.ts';
import type { Library, OpenLibrary } from '../libraries/library.ts';
import { checkBytes } from '../material/check.ts';
import { sampleBytes } from '../material/sample-bytes.ts';

const concurrency = 16;

const declaration = {
  group: BenchmarkGroup.Objects,
  quantity: 'time',
  amount: {
    full: { count: 1_024, unit: 'objects', sizeBytes: 262_144 },
    quick: { count: 128, unit: 'objects', sizeBytes: 262_144 },
  },
  target: lessThanPeer,
} as const;

const conditions = { atOnce: concurrency, processState: 'warm', fileCache: 'warm' } as const;

/** Storing, where nobody syncs. */
export const putBesideLibraries: Benchmark = {
  ...declaration,
  name: 'put-256-kib',
  work: 'put of 256 KiB, durability none',
  conditions: { ...conditions, synced: 'nothing, on all sides', buffer: "the caller's" },
  prepare: (setting) => prepare(setting, contenderThatPuts),
};

/** Reading whole objects into fresh memory. */
export const getBesideLibraries: Benchmark = {
  ...declaration,
  name: 'get-256-kib',
  work: 'get of 256 KiB',
  conditions: { ...conditions, synced: 'nothing is written', buffer: 'fresh for each object' },
  prepare: (setting) => prepare(setting, contenderThatGets),
};

type MakeContender = (library: Library, bodies: readonly Buffer[]) => Promise<Contender>;

async function prepare(setting: Setting, makeContender: MakeContender): Promise<Contest> {
  const { count, sizeBytes = 0 } = setting.amount;
  const bodies = Array.from({ length: count }, (_, number) => sampleBytes(sizeBytes, number));
  const libraries: Library[] = [];
  const enter = async (folder: string, open: OpenLibrary): Promise<Contender> => {
    const library = await open(await setting.makeFolder(folder));
    libraries.push(library);
    return makeContender(library, bodies);
  };
  return {
    ours: await enter('holdfast', openHoldfast),
    peers: [
      await enter('cacache', openCacache),
      await enter('flydrive', openFlydrive),
      await enter('files-sdk', openFilesSdk),
    ],
    limit: await enter('bare-files', openBareFiles),
    [Symbol.asyncDispose]: async () => {
      for (const library of libraries) await library[Symbol.asyncDispose]();
    },
  };
}

async function contenderThatPuts(library: Library, bodies: readonly Buffer[]): Promise<Contender> {
  return {
    name: library.name,
    run: async (turn) => {
      await turn.measure(() => putAll(library, bodies, turn.label));
      for (const [number, body] of bodies.entries()) {
        checkBytes(
          await library.get(nameOf(turn.label, number)),
          body,
          `object ${number} of ${library.name}`,
        );
        await library.remove(nameOf(turn.label, number));
      }
    },
  };
}

async function contenderThatGets(library: Library, bodies: readonly Buffer[]): Promise<Contender> {
  await putAll(library, bodies, 'kept');
  return {
    name: library.name,
    run: async (turn: Turn) => {
      const found: Uint8Array[] = [];
      await turn.measure(() =>
        atOnce(bodies.length, concurrency, async (number) => {
          found[number] = await library.get(nameOf('kept', number));
        }),
      );
      for (const [number, body] of bodies.entries()) {
        checkBytes(found[number], body, `object ${number} of ${library.name}`);
      }
    },
  };
}

function putAll(library: Library, bodies: readonly Buffer[], label: string): Promise<void> {
  return atOnce(bodies.length, concurrency, (number) =>
    library.put(nameOf(label, number), bodies[number] as Buffer),
  );
}

function nameOf(label: string, number: number): string {
  return `${label}-${number}`;
}
