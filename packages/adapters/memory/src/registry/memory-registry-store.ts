import type { DamagedRecord, RegistryStore, Repositories } from '@holdfast/domain';
import { MemoryAliasRepository } from './memory-alias-repository.ts';
import { MemoryManifestLedger } from './memory-manifest-ledger.ts';
import { MemoryModelRepository } from './memory-model-repository.ts';
import { MemoryModelVersionRepository } from './memory-model-version-repository.ts';
import { MemoryObjectLedger } from './memory-object-ledger.ts';
import { MemoryRecordCollection } from './memory-record-collection.ts';
import { MemoryRegistryArchive } from './memory-registry-archive.ts';
import { MemoryRegistryFence } from './memory-registry-fence.ts';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemorySeriesCollection } from './memory-series-collection.ts';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
import { registryErrors } from './registry-errors.ts';

/**
 * The records of a registry in this process's memory, for tests and for embedding.
 *
 * Failures are thrown as `StorageError` with backend `memory`: those that the protocols name, `unavailable` once
 * the store was closed, and `invalid-argument` for a page size below 1, a foreign `after`, or outer repositories
 * used inside a unit of work.
 */
export class MemoryRegistryStore implements RegistryStore {
  readonly repositories: Repositories;
  readonly #records: MemoryRegistryRecords;
  readonly #place: string;
  #isClosed = false;

  /**
   * @param options `records` to share with other stores; new ones by default. They outlive the store. `place` says where
   *   they are, for tests of what happens to copies; `memory` by default.
   */
  constructor(options: { readonly records?: MemoryRegistryRecords; readonly place?: string } = {}) {
    this.#place = options.place ?? 'memory';
    this.#records = options.records ?? new MemoryRegistryRecords();
    this.repositories = createRepositories({
      read: <T>(operation: string, work: (tables: MemoryTables) => T) =>
        this.#whileOpen(operation, () => this.#records.read(operation, work)),
      write: <T>(operation: string, work: (tables: MemoryTables) => T) =>
        this.#whileOpen(operation, () => this.#records.write(operation, work)),
    });
  }

  unitOfWork<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#whileOpen('unitOfWork', () =>
      this.#records.transaction((session) => work(createRepositories(session))),
    );
  }

  /** Memory has no damage that could be told from what was written. */
  async *checkRecords(): AsyncIterable<readonly DamagedRecord[]> {
    yield await this.#whileOpen('checkRecords', async () => []);
  }

  registryId(): Promise<string> {
    return this.#whileOpen('registryId', async () => this.#records.registryId);
  }

  place(): Promise<string> {
    return this.#whileOpen('place', async () => this.#place);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
  }

  async #whileOpen<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw registryErrors.closed(operation);
    return work();
  }
}

function createRepositories(session: MemorySession): Repositories {
  return {
    models: new MemoryModelRepository(session),
    versions: new MemoryModelVersionRepository(session),
    aliases: new MemoryAliasRepository(session),
    objects: new MemoryObjectLedger(session),
    archive: new MemoryRegistryArchive(session),
    manifests: new MemoryManifestLedger(session),
    fence: new MemoryRegistryFence(session),
    records: { of: (descriptor) => new MemoryRecordCollection(session, descriptor) },
    series: { of: (descriptor) => new MemorySeriesCollection(session, descriptor) },
  };
}
