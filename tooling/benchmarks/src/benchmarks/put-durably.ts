import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type ObjectKey } from '@holdfast/domain';
import { appendDurably } from '../bare/append-durably.ts';
import { syncFolder, writeDurably } from '../bare/write-durably.ts';
import type { Amount } from '../framework/amount.ts';
import { atOnce } from '../framework/at-once.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { ratioOfAtMost, type Target } from '../framework/target.ts';
import { check, checkBytes } from '../material/check.ts';
import { gather } from '../material/gather.ts';
import { makeShards } from '../material/make-shards.ts';
import { bodyOf, sampleBodies } from '../material/sample-bytes.ts';

const concurrency = 16;
const differentBodies = 64;

/** Small objects lie in the index and share its commits. */
export const put4KibDurably: Benchmark = putDurably({
  name: 'put-4-kib-durably',
  work: 'durable put of 4 KiB',
  sizeBytes: 4_096,
  counts: { full: 4_000, quick: 800 },
  target: ratioOfAtMost(0.5),
});

export const put1MibDurably: Benchmark = putDurably({
  name: 'put-1-mib-durably',
  work: 'durable put of 1 MiB',
  sizeBytes: 1_048_576,
  counts: { full: 320, quick: 64 },
  target: ratioOfAtMost(1.5),
});

interface Case {
  readonly name: string;
  readonly work: string;
  readonly sizeBytes: number;
  readonly counts: { readonly full: number; readonly quick: number };
  readonly target: Target;
}

function putDurably({ name, work, sizeBytes, counts, target }: Case): Benchmark {
  const amount = (count: number): Amount => ({ count, unit: 'objects', sizeBytes });
  return {
    name,
    work,
    target,
    group: BenchmarkGroup.Objects,
    quantity: 'time',
    amount: { full: amount(counts.full), quick: amount(counts.quick) },
    conditions: {
      atOnce: concurrency,
      processState: 'warm',
      fileCache: 'warm',
      synced: 'each object and its name, on both sides; the limit syncs bytes alone, 16 objects at a time',
      buffer: "the caller's",
    },
    prepare,
  };
}

async function prepare(setting: Setting): Promise<Contest> {
  const { count, sizeBytes = 0 } = setting.amount;
  const bodies = sampleBodies(Math.min(differentBodies, count), sizeBytes);
  const adapter = new FilesystemStorageAdapter({ root: setting.path('store') });
  await makeShards(adapter);
  return {
    ours: holdfast(adapter, { count, bodies }),
    peers: [bareFiles(await setting.makeFolder('files'), { count, bodies })],
    limit: oneFile(setting.path('one-file'), { count, bodies }),
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}

interface Load {
  readonly count: number;
  readonly bodies: readonly Buffer[];
}

function holdfast(adapter: FilesystemStorageAdapter, { count, bodies }: Load): Contender {
  return {
    name: 'Holdfast',
    run: async (turn) => {
      await turn.measure(() =>
        atOnce(count, concurrency, async (number) => {
          await adapter.put(keyOf(turn.label, number), bodyOf(bodies, number));
        }),
      );
      for (let number = 0; number < count; number++) {
        await using reader = await adapter.get(keyOf(turn.label, number));
        check(reader !== undefined, `object ${number} is missing`);
        if (reader !== undefined)
          checkBytes(await gather(reader.body), bodyOf(bodies, number), `object ${number}`);
      }
      await removeAll(adapter, turn.label, count);
    },
  };
}

function bareFiles(folder: string, { count, bodies }: Load): Contender {
  const digests = bodies.map((body) => hash('sha256', body, 'hex'));
  return {
    name: 'bare files',
    run: async (turn) => {
      await turn.measure(() =>
        atOnce(count, concurrency, async (number) => {
          const digest = await writeDurably(folder, nameOf(turn.label, number), bodyOf(bodies, number));
          check(digest === digests[number % bodies.length], `file ${number} has another digest`);
        }),
      );
      for (let number = 0; number < count; number++) {
        const path = join(folder, nameOf(turn.label, number));
        checkBytes(await readFile(path), bodyOf(bodies, number), `file ${number}`);
        await rm(path);
      }
      await syncFolder(folder);
    },
  };
}

function oneFile(path: string, { count, bodies }: Load): Contender {
  const all = Array.from({ length: count }, (_, number) => bodyOf(bodies, number));
  return {
    name: 'appending to one file',
    run: async (turn) => {
      await turn.measure(() => appendDurably(path, all, { groupSize: concurrency }));
      checkBytes(await readFile(path), Buffer.concat(all), 'the file');
      await rm(path);
    },
  };
}

async function removeAll(adapter: FilesystemStorageAdapter, label: string, count: number): Promise<void> {
  await adapter.delete(Array.from({ length: count }, (_, number) => ({ key: keyOf(label, number) })));
}

function keyOf(label: string, number: number): ObjectKey {
  return `bench/${nameOf(label, number)}` as ObjectKey;
}

function nameOf(label: string, number: number): string {
  return `${label}-${number}`;
}
