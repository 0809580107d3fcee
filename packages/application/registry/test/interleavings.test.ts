import { hash } from 'node:crypto';
import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type Digest, type RegistryStore, digestOfHex, contentKey, versionOwner } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import {
  CollectionService,
  ModelManagementService,
  ModelPersistenceService,
  StoreClaim,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { recordFact } from '@holdfast/tooling-reliability';
import { expect, test, vi } from 'vitest';
import { ObjectReclaimer } from '../src/object-reclaimer.ts';
import { withEtagsOfBytes } from './support/etags-of-bytes.ts';
import { type Interleaved, InterleavingExplorer } from './support/interleaving-explorer.ts';
import { overriding } from './support/overriding.ts';
import type { RunStep } from './support/stepwise.ts';
import { sampleBytes } from './support/world.ts';

// Waiting takes no time here: a saver that meets a condemned digest takes over as soon as it gets its turn.
vi.mock('node:timers/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:timers/promises')>();
  return { ...original, setTimeout: () => Promise.resolve() };
});

/** `HOLDFAST_TEST_LONG=true` tries every order; otherwise as many as there is time for in CI. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

const content = sampleBytes(50, 1);
const digest: Digest = digestOfHex(hash('sha256', content));
const key = contentKey(digest);

/** `free` is what a collection that ignores leases does with the one digest. */
type Deed = 'save' | 'save and remove' | 'free' | 'collect';

interface SceneOptions {
  readonly deeds: readonly Deed[];
  /** Whether the bytes are there from the beginning, needed by nobody. */
  readonly isStored?: boolean | undefined;
  /** Whether equal bytes have equal etags, as in S3. */
  readonly areEtagsOfBytes?: boolean | undefined;
}

/** A registry and a store, and processes that are about to do their deeds. */
class Scene implements Interleaved {
  readonly processes: readonly ((run: RunStep) => Promise<void>)[];
  readonly #registry = new MemoryRegistryStore();
  readonly #adapter: StorageAdapter;
  /** Names of states that are the same in every run, as random etags are not. */
  readonly #etags = new Map<string, string>();
  readonly #leases = new Set<string>();

  private constructor({ deeds, areEtagsOfBytes = false }: SceneOptions) {
    const adapter = new MemoryStorageAdapter();
    this.#adapter = areEtagsOfBytes ? withEtagsOfBytes(adapter) : adapter;
    this.processes = deeds.map((deed, index) => (run) => this.#live(deed, `${deed} ${index}`, run));
  }

  static async make(options: SceneOptions): Promise<Scene> {
    const { isStored = false } = options;
    const scene = new Scene(options);
    const storage = new StorageService({ adapters: { main: scene.#adapter } });
    await new StoreClaim(scene.#registry, storage).ensure('main');
    if (isStored) await storage.save(content, { format: 'binary' });
    scene.#nameState((await scene.#adapter.head(key))?.etag, 'the first');
    return scene;
  }

  async fingerprint(): Promise<string> {
    const { objects, versions } = this.#registry.repositories;
    const [stored, leases] = [await this.#stored(), []] as [Record<string, string>, unknown[]];
    for (const id of this.#leases) leases.push(await objects.findLease(id));
    const needed = (await versions.findAll()).items.map(async ({ id }) =>
      objects.findReferences(versionOwner(id)),
    );
    const { items } = await objects.listLocations();
    const condemned = await objects.listCondemned();
    return JSON.stringify([stored, leases, condemned, await Promise.all(needed), items]);
  }

  readonly print = (answer: unknown): string =>
    JSON.stringify(answer, (name, value: unknown) => {
      if (name === 'lastModified') return undefined;
      return name === 'etag' ? this.#etags.get(value as string) : value;
    }) ?? '';

  async finish(): Promise<void> {
    await this.#checkNeeded();
    const collection = this.#servicesOf('the last', this.#adapter, this.#registry).collection;
    for await (const _item of collection.collect({ areLeasesIgnored: true, isAlone: true }));
    await this.#checkNeeded();
    const { objects, versions } = this.#registry.repositories;
    expect(await objects.listCondemned()).toEqual([]);
    const needed = new Set<string>();
    for (const { id } of (await versions.findAll()).items)
      for (const one of await objects.findReferences(versionOwner(id))) needed.add(contentKey(one));
    expect(Object.keys(await this.#stored()).toSorted()).toEqual([...needed].toSorted());
    const located = (await objects.listLocations()).items.map((location) => location.key);
    expect(located.toSorted()).toEqual([...needed].toSorted());
  }

  async #live(deed: Deed, name: string, run: RunStep): Promise<void> {
    const looks = { count: 0 };
    const { persistence, models, collection, reclaimer } = this.#servicesOf(
      name,
      this.#steppingAdapter(name, run, looks),
      this.#steppingRegistry(run, looks),
    );
    if (deed === 'free') return void (await reclaimer.reclaim([digest], { store: 'main' }));
    if (deed === 'collect') return void (await Array.fromAsync(collection.collect()));
    try {
      await persistence.save(content, { name: name.replaceAll(' ', '-'), format: 'binary' });
    } catch (error) {
      if (StorageError.isInstance(error) && error.retry === 'temporary') return;
      throw error;
    }
    if (deed === 'save and remove') await models.deleteModel(name.replaceAll(' ', '-'));
  }

  #servicesOf(name: string, adapter: StorageAdapter, registry: RegistryStore) {
    let ids = 0;
    const storage = new StorageService({ adapters: { main: adapter } });
    const collaborators = {
      registry,
      storage,
      now: () => Date.UTC(2026, 0, 1),
      createId: () => `${name} ${ids++}`,
    };
    return {
      persistence: new ModelPersistenceService(collaborators),
      models: new ModelManagementService(collaborators),
      collection: new CollectionService(collaborators),
      reclaimer: new ObjectReclaimer({
        ...collaborators,
        claim: new StoreClaim(registry, storage),
        now: () => Date.UTC(2999, 0, 1),
      }),
    };
  }

  /** Calls about the one digest, and transactions, are steps; what other calls answered is noted. */
  #steppingRegistry(run: RunStep, looks: { readonly count: number }): RegistryStore {
    const registry = this.#registry;
    const { objects } = registry.repositories;
    let isRefused = false;
    const stepOf = (name: string, isStep: boolean): string => (isStep ? name : `(${name})`);
    const stepping = overriding(objects, {
      putLease: (lease) => {
        this.#leases.add(lease.id);
        // Being refused again and again changes nothing: it is as good as not having had one's turn.
        const attempt = run(stepOf('lease', lease.digest === digest && !isRefused), () =>
          objects.putLease(lease),
        );
        isRefused = false;
        return attempt.catch((error: unknown) => {
          isRefused = true;
          throw error;
        });
      },
      findCondemnation: (asked) =>
        run(stepOf('whose', asked === digest), () => objects.findCondemnation(asked)),
      findUnreferenced: (asked) => run('(unreferenced)', () => objects.findUnreferenced(asked)),
      findLocations: (asked) => run('(locations)', () => objects.findLocations(asked)),
      listCondemned: () => run('(condemned)', () => objects.listCondemned()),
    });
    return overriding<RegistryStore>(registry, {
      repositories: { ...registry.repositories, objects: stepping },
      unitOfWork: (work) => {
        isRefused = false;
        return run('transaction', async () => {
          const result = await registry.unitOfWork(async (repositories) => {
            const looksBefore = looks.count;
            const answer = await work(repositories);
            // Who looks at a store inside a transaction lets others come before its end.
            if (looks.count > looksBefore) await run('commit', async () => undefined);
            return answer;
          });
          await this.#checkNeeded();
          return result;
        });
      },
    });
  }

  #steppingAdapter(name: string, run: RunStep, looks: { count: number }): StorageAdapter {
    const adapter = this.#adapter;
    let puts = 0;
    return overriding<StorageAdapter>(adapter, {
      put: async (late, body, options) => {
        const written = async (...parameters: [Digest, number]) => {
          const known = typeof late === 'string' ? late : await late(...parameters);
          if (known === key) await run('put', async () => undefined);
          return known;
        };
        const info = await adapter.put(written, body, options);
        this.#nameState(info.etag, `${name} wrote ${puts++}`);
        return info;
      },
      head: (asked, options) => {
        looks.count++;
        return run(asked === key ? 'look' : '(look)', () => adapter.head(asked, options));
      },
      delete: (targets, options) =>
        run(targets.some((target) => target.key === key) ? 'delete' : '(delete)', async () => {
          const results = await adapter.delete(targets, options);
          await this.#checkNeeded();
          return results;
        }),
    });
  }

  #nameState(etag: string | undefined, name: string): void {
    if (etag !== undefined) this.#etags.set(etag, name);
  }

  async #stored(): Promise<Record<string, string>> {
    const stored: Record<string, string> = {};
    for await (const { objects } of this.#adapter.list({ prefix: 'objects/' }))
      for (const object of objects) stored[object.key] = this.#etags.get(object.etag) ?? 'another';
    return stored;
  }

  /** What a version needs is there, at any moment. */
  async #checkNeeded(): Promise<void> {
    const needing = await this.#registry.repositories.objects.findOwners(digest);
    if (needing.length > 0 && (await this.#adapter.head(key)) === undefined)
      throw new Error(`${needing.map(({ id }) => id).join(' and ')} lost the bytes`);
  }
}

const scenes: readonly SceneOptions[] = [
  { deeds: ['save', 'free'] },
  { deeds: ['free', 'free'], isStored: true },
  { deeds: ['save', 'free', 'free'] },
  { deeds: ['save', 'free', 'free'], isStored: true },
  { deeds: ['save', 'save', 'free'] },
  { deeds: ['save and remove', 'save'] },
  { deeds: ['save and remove', 'save', 'free'] },
  { deeds: ['save', 'save', 'free', 'free'] },
  { deeds: ['save', 'collect', 'free'], isStored: true },
  { deeds: ['save', 'free', 'free'], isStored: true, areEtagsOfBytes: true },
  { deeds: ['save', 'save', 'free'], isStored: true, areEtagsOfBytes: true },
  { deeds: ['save', 'collect', 'free'], isStored: true, areEtagsOfBytes: true },
];
const longestRuns = isLong ? 10_000 : 150;

test.for(scenes)(
  'in no order of their steps do $deeds lose what a version needs, or leave what none needs',
  { timeout: 3_600_000 },
  async (scene) => {
    const explorer = new InterleavingExplorer({ make: () => Scene.make(scene), longestRuns });
    const { runs, states, isExhausted } = await explorer.explore();
    expect(states).toBeGreaterThan(scene.deeds.length);
    const start = `${scene.isStored === true ? ', stored before' : ''}${scene.areEtagsOfBytes === true ? ', etags of bytes' : ''}`;
    const detail = `${scene.deeds.join(' + ')}${start}${isExhausted ? ', every order' : ''}`;
    recordFact({ subject: 'registry', measure: 'orders of steps', detail, count: runs, isLong });
  },
);
