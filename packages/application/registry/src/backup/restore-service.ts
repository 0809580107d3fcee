import {
  type Digest,
  ModelStorageInfo,
  type RegistryRecord,
  type RegistryStore,
  SerializationFormat,
  utcTimestamp,
} from '@holdfast/domain';
import { type Cancellable, StorageError, throwIfCancelled } from '@holdfast/ports';
import type { OnProgress, StorageService } from '@holdfast/storage';
import { createUuid } from '../create-uuid.ts';
import { countersInReach } from '../fence/counters-in-reach.ts';
import type { UnknownVersion } from '../fence/find-unknown.ts';
import { nameAndSurvey } from '../fence/name-and-survey.ts';
import { StoreClaim } from '../fence/store-claim.ts';
import { ObjectReclaimer } from '../object-reclaimer.ts';
import { backupError } from './backup-error.ts';
import { batchSize } from './backup-layout.ts';
import type { BackupObject } from './backup-object.ts';
import { type BackupEntry, BackupReader } from './backup-reader.ts';
import type { BackupServiceOptions } from './backup-service.ts';
import type { BackupSummary } from './backup-summary.ts';
import { claimStores } from './claim-stores.ts';
import { assertEmpty, commitRegistry } from './commit-registry.ts';
import { ObjectHold } from './object-hold.ts';
import { RestoreTargets } from './restore-targets.ts';

/** A backup as it is read. */
export interface BackupSource {
  /** Its bytes, from the beginning. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Whether it can be opened twice: it is checked as a whole then before anything is written. */
  readonly isReopenable: boolean;
  readonly sizeBytes?: number;
}

export interface RestoreOptions extends Cancellable {
  /** Into this store goes everything. @default into the stores of the names that the backup says */
  readonly store?: string | undefined;
  /** The registry that the backup was made of is lost: this one takes its place in its stores. @default false */
  readonly mayTakeOver?: boolean | undefined;
  /** Of a backup without objects: restore although some are not in the stores. @default false */
  readonly skipDamaged?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What was restored. */
export interface RestoreReport {
  readonly summary: BackupSummary;
  /** Objects that versions need and that neither the backup nor the stores have. */
  readonly missing: readonly Digest[];
  /** Whether the registry took the place, and the id, of the one that the backup was made of. */
  readonly isTakenOver: boolean;
  /** Versions in the stores that the backup does not have, such as those that were saved after it was made. */
  readonly unknown: readonly UnknownVersion[];
  /** Why some stores were not looked through for such versions, as sentences. */
  readonly warnings: readonly string[];
}

/** Brings a backup back: into an empty registry, and into stores of any kind. */
export class RestoreService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #spoolFolder: string | undefined;
  readonly #claim: StoreClaim;

  constructor(options: BackupServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#now = options.now ?? Date.now;
    this.#createId = options.createId ?? createUuid;
    this.#spoolFolder = options.spoolFolder;
    this.#claim = new StoreClaim(options.registry, options.storage);
  }

  /**
   * Restores: objects first, each verified and none twice, then, in one transaction, the registry. Until that transaction
   * nothing is visible, and what is stored is kept from being collected; one that was interrupted goes on when it is
   * run again.
   *
   * @throws StorageError `already-exists` when the registry is not empty; `corrupt` when the backup is damaged or cut
   *   short; `unsupported` when it is of a newer format; `permission-denied` when a store belongs to another registry;
   *   `not-found` when a backup without objects needs some that are not in the stores; `invalid-configuration` when a
   *   store is not configured; `cancelled`.
   */
  async restore(source: BackupSource, options: RestoreOptions = {}): Promise<RestoreReport> {
    await assertEmpty(this.#registry.repositories);
    if (source.isReopenable) await this.#check(source, options);
    await using reader = await BackupReader.open(source.open(), { spoolFolder: this.#spoolFolder });
    const targets = new RestoreTargets(this.#storage, options.store);
    const storeNames = await this.#storesOf(reader, targets);
    const { registryId, generations = [registryId] } = reader.summary;
    const isTakenOver = await claimStores(storeNames, {
      claim: this.#claim,
      registry: this.#registry,
      lost: { registryId, generations },
      mayTakeOver: options.mayTakeOver ?? false,
      signal: options.signal,
    });
    await using hold = this.#hold(options);
    for await (const digests of batches(reader.objects())) await hold.hold(digests);
    const missing = await this.#storeObjects(reader, targets, options);
    const isMissing = new Set(missing);
    const counters = await countersInReach(this.#storage, storeNames, options);
    const restored = (): AsyncIterable<RegistryRecord> => this.#records(reader, targets, isMissing);
    const records = async function* (): AsyncIterable<RegistryRecord> {
      yield* restored();
      yield* counters;
    };
    await commitRegistry(this.#registry, records, { hold });
    const survey = await nameAndSurvey(storeNames, { ...this.#collaborators, signal: options.signal });
    return { summary: reader.summary, missing, isTakenOver, ...survey };
  }

  get #collaborators() {
    return { registry: this.#registry, storage: this.#storage, claim: this.#claim };
  }

  /** Reads the whole backup without writing anything. */
  async #check(source: BackupSource, { signal, onProgress }: RestoreOptions): Promise<void> {
    await using reader = await BackupReader.open(source.open(), { spoolFolder: this.#spoolFolder });
    let bytes = 0;
    for await (const { body } of reader.entries()) {
      throwIfCancelled(signal, { operation: 'restore' });
      for await (const chunk of body ?? []) {
        bytes += chunk.byteLength;
        onProgress?.({ phase: 'hash', bytes, totalBytes: reader.summary.objectBytes });
      }
    }
    for await (const _ of reader.records());
  }

  async #storesOf(reader: BackupReader, targets: RestoreTargets): Promise<readonly string[]> {
    const names = new Set<string>();
    for await (const object of reader.objects()) for (const name of targets.storesOf(object)) names.add(name);
    return [...names];
  }

  #hold({ signal }: Cancellable): ObjectHold {
    const reclaimer = new ObjectReclaimer({
      ...this.#collaborators,
      now: this.#now,
      createId: this.#createId,
    });
    return new ObjectHold(this.#registry, {
      now: this.#now,
      createId: this.#createId,
      takeOver: (digest) => reclaimer.takeOver(digest),
      signal,
    });
  }

  /** @returns the digests of which no bytes are to be had. */
  async #storeObjects(
    reader: BackupReader,
    targets: RestoreTargets,
    options: RestoreOptions,
  ): Promise<readonly Digest[]> {
    const missing: Digest[] = [];
    let doneBytes = 0;
    for await (const entry of reader.entries()) {
      throwIfCancelled(options.signal, { operation: 'restore' });
      if (!(await this.#storeObject(entry, targets, options))) missing.push(entry.object.digest);
      doneBytes += entry.object.sizeBytes;
      options.onProgress?.({ phase: 'write', bytes: doneBytes, totalBytes: reader.summary.objectBytes });
    }
    if (missing.length > 0 && reader.summary.contents === 'registry' && options.skipDamaged !== true)
      throw objectsMissing(missing);
    return missing;
  }

  /** @returns whether its bytes are in every store that it goes to. */
  async #storeObject(
    { object, body }: BackupEntry,
    targets: RestoreTargets,
    { signal }: RestoreOptions,
  ): Promise<boolean> {
    const lacking: string[] = [];
    const having: string[] = [];
    for (const store of targets.storesOf(object)) {
      const isThere = await this.#isThere(object, store, { signal, isVerified: body !== undefined });
      (isThere ? having : lacking).push(store);
    }
    if (body === undefined) return lacking.length === 0;
    const [first, ...others] = lacking;
    if (first === undefined) for await (const _ of body);
    else await this.#save(object, body, { store: first, signal });
    for (const store of others) {
      const from = this.#infoOf(object, first as string);
      await this.#save(object, this.#storage.read(from, { signal }), { store, signal });
    }
    return true;
  }

  async #save(
    { digest, sizeBytes }: BackupObject,
    bytes: AsyncIterable<Uint8Array>,
    options: Cancellable & { readonly store: string },
  ): Promise<void> {
    await this.#storage.save(bytes, {
      ...options,
      checksum: digest,
      sizeBytes,
      format: SerializationFormat.Binary,
      isDamaged: async () => true,
    });
  }

  /** Where the bytes could be written anew, those that are there are read and hashed first. */
  async #isThere(
    object: BackupObject,
    store: string,
    { signal, isVerified }: Cancellable & { readonly isVerified: boolean },
  ): Promise<boolean> {
    const info = this.#infoOf(object, store);
    try {
      const found = await this.#storage.getMetadata(info, { signal });
      if (found?.sizeBytes !== object.sizeBytes) return false;
      if (isVerified) await this.#storage.verify(info, { signal });
      return (found.checksum ?? object.digest) === object.digest;
    } catch (error) {
      const damages = ['corrupt', 'checksum-mismatch', 'size-mismatch', 'not-found'];
      if (StorageError.isInstance(error) && damages.includes(error.code)) return false;
      throw error;
    }
  }

  #infoOf(object: BackupObject, storeName: string): ModelStorageInfo {
    const targets = new RestoreTargets(this.#storage, storeName);
    return ModelStorageInfo.of({
      storageBackend: this.#storage.adapter(storeName).backend,
      storeName,
      storagePath: targets.keyOf(object),
      sizeBytes: object.sizeBytes,
      checksum: object.digest,
      format: SerializationFormat.Binary,
    });
  }

  async *#records(
    reader: BackupReader,
    targets: RestoreTargets,
    missing: ReadonlySet<Digest>,
  ): AsyncIterable<RegistryRecord> {
    for await (const record of reader.records()) {
      yield record.kind === 'version'
        ? { kind: 'version', version: targets.relocate(record.version) }
        : record;
    }
    const verifiedAt = utcTimestamp(this.#now());
    const isBackup = reader.summary.contents === 'registry and objects';
    for await (const object of reader.objects()) {
      const { digest, sizeBytes } = object;
      const state = missing.has(digest) ? 'corrupt' : 'verified';
      for (const storeName of targets.storesOf(object)) {
        const before = object.locations.find((location) => location.storeName === storeName);
        const known = isBackup || missing.has(digest) ? undefined : before;
        yield {
          kind: 'location',
          location: { digest, storeName, key: targets.keyOf(object), sizeBytes, verifiedAt, state, ...known },
        };
      }
    }
  }
}

async function* batches(objects: AsyncIterable<BackupObject>): AsyncIterable<readonly Digest[]> {
  let batch: Digest[] = [];
  for await (const { digest } of objects) {
    batch.push(digest);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function objectsMissing(missing: readonly Digest[]): StorageError {
  return backupError(
    'not-found',
    `The backup has no objects, and ${missing.length} of those that it needs ${missing.length === 1 ? 'is' : 'are'} not in the stores: ${missing[0]}${missing.length > 1 ? ' and more' : ''}.`,
    {
      key: missing[0] ?? '',
      hint: 'Restore a backup with objects, or the store; --skip-damaged restores the rest and marks what is missing.',
    },
  );
}
