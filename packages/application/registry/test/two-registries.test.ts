import { MemoryRegistryRecords, MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ObjectKey, RegistryStore } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import {
  AdoptionService,
  CollectionService,
  ModelManagementService,
  ModelPersistenceService,
  claimKey,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { recordFact } from '@holdfast/tooling-reliability';
import { expect, test, vi } from 'vitest';
import { type Interleaved, InterleavingExplorer } from './support/interleaving-explorer.ts';
import { overriding } from './support/overriding.ts';
import type { RunStep } from './support/stepwise.ts';
import { sampleBytes } from './support/world.ts';

// Waiting takes no time here.
vi.mock('node:timers/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:timers/promises')>();
  return { ...original, setTimeout: () => original.setImmediate() };
});

const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const content = sampleBytes(50, 1);
const garbage = sampleBytes(60, 2);

type Deed = 'save' | 'collect' | 'remove';

/** Two copies of a registry that nothing tells apart, as a snapshot of a machine makes them, over one store. */
class TwoCopies implements Interleaved {
  readonly processes: readonly ((run: RunStep) => Promise<void>)[];
  readonly #adapter: MemoryStorageAdapter;
  readonly #records: readonly MemoryRegistryRecords[];
  /** What is saved: garbage to the copy that collects, or bytes that the copy which removes needs no more. */
  readonly #content: Uint8Array;

  private constructor(
    deeds: readonly Deed[],
    adapter: MemoryStorageAdapter,
    records: readonly MemoryRegistryRecords[],
  ) {
    this.#adapter = adapter;
    this.#records = records;
    this.#content = deeds.includes('remove') ? content : garbage;
    this.processes = deeds.map((deed, index) => (run) => this.#live(deed, index, run));
  }

  static async make(deeds: readonly Deed[]): Promise<TwoCopies> {
    const adapter = new MemoryStorageAdapter();
    const records = new MemoryRegistryRecords();
    const { persistence, storage } = servicesOf(adapter, new MemoryRegistryStore({ records }));
    await persistence.save(content, { name: 'first', format: 'binary' });
    await storage.save(garbage, { format: 'binary' });
    return new TwoCopies(deeds, adapter, [records, ...deeds.slice(1).map(() => records.copy())]);
  }

  /** Nothing shared is the same twice: nonces are random. Each order is tried on its own. */
  fingerprint = async (): Promise<string> => String(Math.random());

  readonly print = (): string => '';

  async finish(): Promise<void> {
    for (const [index] of this.#records.entries()) {
      const registry = this.#registry(index);
      const { storage } = servicesOf(this.#adapter, registry);
      for (const { modelName, storage: info } of (await registry.repositories.versions.findAll()).items)
        if (modelName !== 'first') await storage.verify(info);
    }
  }

  #registry(index: number): RegistryStore {
    return new MemoryRegistryStore({ records: this.#records[index] as MemoryRegistryRecords });
  }

  async #live(deed: Deed, index: number, run: RunStep): Promise<void> {
    const services = servicesOf(stepping(this.#adapter, run), this.#registry(index));
    try {
      if (deed === 'save') {
        const options = { name: `model-${index}`, format: 'binary' } as const;
        const { version } = await services.persistence.save(this.#content, options);
        await servicesOf(this.#adapter, this.#registry(index)).storage.verify(version.storage);
      }
      if (deed === 'collect')
        for await (const _item of services.collection.collect({ areLeasesIgnored: true }));
      if (deed === 'remove') await services.models.deleteModel('first');
    } catch (error) {
      const codes = ['permission-denied', 'unavailable', 'locked'];
      if (!StorageError.isInstance(error) || !codes.includes(error.code)) throw error;
    }
  }
}

function servicesOf(adapter: StorageAdapter, registry: RegistryStore) {
  const storage = new StorageService({ adapters: { main: adapter } });
  const made = { registry, storage };
  return {
    storage,
    persistence: new ModelPersistenceService(made),
    models: new ModelManagementService(made),
    collection: new CollectionService(made),
    adoption: new AdoptionService(made),
  };
}

/** Every call of the store is a step, each listing too. */
function stepping(adapter: StorageAdapter, run: RunStep): StorageAdapter {
  return overriding<StorageAdapter>(adapter, {
    put: (...parameters) => run('put', () => adapter.put(...parameters)),
    get: (key, options) => run(key === claimKey ? 'claim' : 'get', () => adapter.get(key, options)),
    head: (...parameters) => run('head', () => adapter.head(...parameters)),
    delete: (...parameters) => run('delete', () => adapter.delete(...parameters)),
    list: async function* (options) {
      yield* await run('list', () => Array.fromAsync(adapter.list(options)));
    },
  });
}

test.for<readonly Deed[]>([
  ['save', 'collect'],
  ['save', 'remove'],
  ['save', 'collect', 'collect'],
  ['collect', 'save', 'save'],
])(
  'two copies that nothing tells apart lose nothing that one of them saved: %o',
  { timeout: 3_600_000 },
  async (deeds) => {
    const longestRuns = isLong ? 5_000 : 150;
    const explorer = new InterleavingExplorer({ make: () => TwoCopies.make(deeds), longestRuns });
    const { runs } = await explorer.explore();
    expect(runs).toBeGreaterThan(deeds.length);
    const detail = `two copies: ${deeds.join(' + ')}`;
    recordFact({ subject: 'registry', measure: 'orders of steps', detail, count: runs, isLong });
  },
);

/** A registry with a version, and copies of it in places of their own. */
async function copied(places: readonly string[]) {
  const adapter = new MemoryStorageAdapter();
  const records = new MemoryRegistryRecords();
  const origin = servicesOf(adapter, new MemoryRegistryStore({ records, place: 'here' }));
  await origin.persistence.save(content, { name: 'first', format: 'binary' });
  const copies = places.map((place) => {
    const registry = new MemoryRegistryStore({ records: records.copy(), place });
    return { registry, ...servicesOf(adapter, registry) };
  });
  return { adapter, origin, copies };
}

test('a registry that finds itself elsewhere goes on, and of two copies the one that writes first', async () => {
  const { origin, copies } = await copied(['there']);
  const [copy] = copies;
  await copy?.persistence.save(sampleBytes(9), { name: 'second' });
  const refusal = origin.persistence.save(sampleBytes(8), { name: 'third' });
  await expect(refusal).rejects.toMatchObject({
    code: 'permission-denied',
    message: expect.stringContaining('a copy of this registry') as string,
    hint: expect.stringContaining('holdfast registry adopt main') as string,
  });
  await expect(origin.models.deleteModel('first')).rejects.toMatchObject({ code: 'permission-denied' });
  await copy?.persistence.save(sampleBytes(7), { name: 'second' });
});

test('a copy that nothing tells apart collects nothing that the other one saved, and frees no bytes that it shares', async () => {
  const { adapter, origin, copies } = await copied(['here']);
  const [copy] = copies;
  const saved = await origin.persistence.save(sampleBytes(9), { name: 'newer' });
  const sharing = await origin.persistence.save(content, { name: 'sharing', format: 'binary' });
  await expect(Array.fromAsync(copy?.collection.collect() ?? [])).rejects.toMatchObject({
    code: 'permission-denied',
    message: expect.stringContaining('newer:1') as string,
    hint: expect.stringMatching(/adopt.*forget.*restore/s) as string,
  });
  const removed = await copy?.models.deleteModel('first');
  expect(removed?.warnings).toEqual([expect.stringContaining('does not know')]);
  for (const { version } of [saved, sharing])
    await servicesOf(adapter, new MemoryRegistryStore()).storage.verify(version.storage);
});

test('a number that the other copy gave out is refused, and adopted under the next one', async () => {
  const { origin, copies } = await copied(['here']);
  const [copy] = copies;
  const { version } = await origin.persistence.save(sampleBytes(9), { name: 'first' });
  await expect(copy?.persistence.save(sampleBytes(8), { name: 'first' })).rejects.toMatchObject({
    code: 'permission-denied',
    message: expect.stringContaining('first:2') as string,
  });
  const adopted = await Array.fromAsync(copy?.adoption.adopt(['main']) ?? []);
  expect(adopted).toMatchObject([{ reference: 'first:2', outcome: 'adopted', as: 'first:2' }]);
  expect((await copy?.models.findVersion('first:2'))?.id).toBe(version.id);
  await Array.fromAsync(copy?.collection.collect({ areLeasesIgnored: true }) ?? []);
  await copy?.storage.verify(version.storage);
  await expect(origin.persistence.save(sampleBytes(7), { name: 'first' })).rejects.toMatchObject({
    code: 'permission-denied',
  });
  expect((await copy?.persistence.save(sampleBytes(8), { name: 'first' }))?.version.number).toBeGreaterThan(
    2,
  );
});

test('what is forgotten is collected, and its number is not given out again', async () => {
  const { adapter, origin, copies } = await copied(['here']);
  const [copy] = copies;
  await origin.persistence.save(sampleBytes(9), { name: 'first', format: 'binary' });
  const forgotten = await Array.fromAsync(copy?.adoption.forget(['main']) ?? []);
  expect(forgotten).toMatchObject([{ reference: 'first:2', outcome: 'forgotten' }]);
  const items = await Array.fromAsync(copy?.collection.collect() ?? []);
  expect(items.map(({ outcome }) => outcome)).toEqual(['removed']);
  expect((await copy?.persistence.save(sampleBytes(9), { name: 'first' }))?.version.number).toBe(3);
  const tombstone = await adapter.head('versions/first/@0000000002' as ObjectKey);
  expect(tombstone?.sizeBytes).toBeLessThan(400);
});
