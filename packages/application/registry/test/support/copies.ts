import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ModelVersion, ObjectKey, ObjectLocation } from '@holdfast/domain';
import { type GetOptions, type ObjectReader, type StorageAdapter, StorageError } from '@holdfast/ports';
import { type CopyTrouble, MirrorService, ModelPersistenceService } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { overriding } from './overriding.ts';

/** What can become of a store that holds copies. */
export type StoreFault =
  /** As it was. */
  | 'good'
  /** Every object has a flipped bit. */
  | 'damaged'
  /** The objects are gone, others are still there. */
  | 'missing'
  /** Every request fails. */
  | 'down'
  /** A request fails now and then; patient ones get their answer. */
  | 'busy'
  /** It breaks in the middle of every object. */
  | 'breaking'
  /** It holds nothing any more. */
  | 'gone'
  /** It left the configuration. */
  | 'unconfigured';

/** A request to one of the stores. */
export interface CopyRequest extends Pick<GetOptions, 'range' | 'hasAlternative'> {
  readonly storeName: string;
}

/** Versions that are stored in `main` and mirrored to `spare`; each store can be made to fail. */
export class Copies {
  readonly registry: MemoryRegistryStore = new MemoryRegistryStore();
  readonly main: MemoryStorageAdapter = new MemoryStorageAdapter();
  readonly spare: MemoryStorageAdapter = new MemoryStorageAdapter();
  readonly requests: CopyRequest[] = [];
  readonly troubles: CopyTrouble[] = [];
  faults: Readonly<Record<'main' | 'spare', StoreFault>> = { main: 'good', spare: 'good' };

  /** Saves a version and mirrors it. */
  async save(bytes: Uint8Array, name = 'model'): Promise<ModelVersion> {
    const storage = new StorageService({ adapters: { main: this.main, spare: this.spare } });
    const collaborators = { registry: this.registry, storage };
    const { version } = await new ModelPersistenceService(collaborators).save(bytes, { name });
    await Array.fromAsync(new MirrorService(collaborators).mirror('main', 'spare'));
    return version;
  }

  /** Models in and out, as a new command has them. */
  open(now: () => number = Date.now): ModelPersistenceService {
    return new ModelPersistenceService({ registry: this.registry, storage: this.storage, now });
  }

  get storage(): StorageService {
    const adapters: Record<string, StorageAdapter> = {};
    for (const name of ['main', 'spare'] as const)
      if (this.faults[name] !== 'unconfigured') adapters[name] = this.#faulty(name);
    if (Object.keys(adapters).length === 0) adapters['another'] = new MemoryStorageAdapter();
    return new StorageService({ adapters });
  }

  /** The states of a version's bytes, by store. */
  async states(version: ModelVersion): Promise<Readonly<Record<string, ObjectLocation['state']>>> {
    const locations = await this.registry.repositories.objects.findLocations(version.storage.checksum);
    return Object.fromEntries(locations.map(({ storeName, state }) => [storeName, state]));
  }

  #faulty(storeName: 'main' | 'spare'): StorageAdapter {
    const adapter = this[storeName];
    const fault = this.faults[storeName];
    return overriding<StorageAdapter>(adapter, {
      get: async (key, options = {}) => {
        const { range, hasAlternative } = options;
        this.requests.push({
          storeName,
          ...(range === undefined ? {} : { range }),
          hasAlternative: hasAlternative === true,
        });
        if (fault === 'down' || (fault === 'busy' && hasAlternative === true)) throw down(adapter);
        if (fault === 'missing' || fault === 'gone') return undefined;
        return broken(await adapter.get(key, options), fault);
      },
      list: (options) => {
        if (fault === 'down') throw down(adapter);
        return fault === 'gone' ? noPages() : adapter.list(options);
      },
      head: async (key: ObjectKey) => {
        if (fault === 'down') throw down(adapter);
        return fault === 'missing' || fault === 'gone' ? undefined : adapter.head(key);
      },
    });
  }
}

async function* noPages(): AsyncGenerator<never> {}

function down(adapter: StorageAdapter): StorageError {
  return new StorageError({
    code: 'unavailable',
    operation: 'get',
    backend: adapter.backend,
    retry: 'temporary',
    message: 'The store does not answer.',
  });
}

function broken(reader: ObjectReader | undefined, fault: StoreFault): ObjectReader | undefined {
  if (reader === undefined || (fault !== 'damaged' && fault !== 'breaking')) return reader;
  const { bytes: _bytes, ...others } = reader;
  return {
    ...others,
    body: fault === 'damaged' ? flipped(reader.body) : halved(reader),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

async function* flipped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield chunk.map((byte, index) => (index === 0 ? byte ^ 4 : byte));
}

/** Half of what is left, then the connection breaks. */
async function* halved({ body, range }: ObjectReader): AsyncGenerator<Uint8Array> {
  let left = Math.floor(range.length / 2);
  for await (const chunk of body) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) break;
  }
  throw new StorageError({ code: 'unavailable', operation: 'get', backend: 'memory', retry: 'exhausted' });
}
