import { type Digest, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import { type Cancellable, StorageError, throwIfCancelled } from '@holdfast/ports';
import { type OnProgress, type StorageService, Spool } from '@holdfast/storage';
import { createUuid } from '../create-uuid.ts';
import { AffectedVersions } from '../verification/affected-versions.ts';
import { backupFormat } from './backup-layout.ts';
import { BackupObjectReader } from './backup-object-reader.ts';
import { parseBackupObjects } from './backup-object.ts';
import type { BackupContents } from './backup-summary.ts';
import { type DumpFacts, dumpRegistry } from './dump-registry.ts';
import { printJsonLine, readJsonLines } from './json-lines.ts';
import { ObjectHold } from './object-hold.ts';
import { OpenBackup } from './open-backup.ts';
import type { SkippedObject } from './skipped-object.ts';

export interface BackupServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** @default UUID version 7 */
  readonly createId?: () => string;
  /** Where the registry's records are kept on their way. @default the system's */
  readonly spoolFolder?: string;
}

export interface BackupOptions extends Cancellable {
  /** @default 'registry and objects' */
  readonly contents?: BackupContents;
  /** Leave out objects that cannot be read as they were stored, and name them. Reads everything twice. @default false */
  readonly skipDamaged?: boolean;
  readonly onProgress?: OnProgress;
}

/** Takes a registry, and every object that it needs, out as one tar archive. */
export class BackupService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #spoolFolder: string | undefined;

  constructor(options: BackupServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#now = options.now ?? Date.now;
    this.#createId = options.createId ?? createUuid;
    this.#spoolFolder = options.spoolFolder;
  }

  /**
   * Takes the registry's state of one moment and keeps what it needs from being collected until the backup is disposed:
   * savers, removals and collections may go on beside it. The stores that keep copies of their records take one.
   *
   * @throws StorageError when the registry cannot be read, or there is none.
   */
  async open(options: BackupOptions = {}): Promise<OpenBackup> {
    const { contents = 'registry and objects', signal } = options;
    const registryId = await this.#registry.registryId();
    const generations = await this.#registry.repositories.fence.listGenerations();
    await using parts = new AsyncDisposableStack();
    const records = parts.use(await Spool.open(this.#spoolFolder));
    const objects = parts.use(await Spool.open(this.#spoolFolder));
    const hold = parts.use(this.#hold(options));
    const created = utcTimestamp(this.#now());
    const facts = await this.#dump({ records, objects }, hold);
    throwIfCancelled(signal, { operation: 'backup' });
    const reader = new BackupObjectReader({
      storage: this.#storage,
      signal,
      affected: (digest) => this.#affected(digest),
    });
    const skipped =
      contents === 'registry' ? [] : await this.#markDamaged(objects, reader, options.skipDamaged === true);
    const warnings = await this.#snapshotStores();
    return new OpenBackup({
      summary: {
        format: backupFormat,
        contents,
        created,
        registryId,
        generations,
        modelCount: facts.counts.model,
        versionCount: facts.counts.version,
        aliasCount: facts.counts.alias,
        recordCounts: facts.recordCounts,
        objectCount: facts.objectCount,
        objectBytes: facts.objectBytes,
        damagedCount: skipped.length,
        files: { records: records.facts(), objects: objects.facts() },
      },
      skipped,
      warnings,
      records,
      objects,
      reader,
      signal,
      onProgress: options.onProgress,
      parts: parts.move(),
      spoolFolder: this.#spoolFolder,
    });
  }

  #hold({ signal }: Cancellable): ObjectHold {
    return new ObjectHold(this.#registry, {
      now: this.#now,
      createId: this.#createId,
      signal,
      takeOver: async () => undefined,
    });
  }

  /**
   * What is needed is held before and, for what was saved since, inside the transaction that reads: so all of it is there,
   * and stays. Where the registry cannot be written to, nothing is held.
   */
  async #dump(
    spools: { readonly records: Spool; readonly objects: Spool },
    hold: ObjectHold,
  ): Promise<DumpFacts> {
    const isHeld = await this.#registry
      .unitOfWork((repositories) => hold.holdNeeded(repositories))
      .then(
        () => true,
        (error: unknown) => {
          if (StorageError.isInstance(error, 'permission-denied')) return false;
          throw error;
        },
      );
    return this.#registry.unitOfWork(async (repositories) => {
      await spools.records.clear();
      await spools.objects.clear();
      if (isHeld) await hold.holdNeeded(repositories);
      return dumpRegistry(repositories, spools);
    });
  }

  /** Notes in the list of objects which of them cannot be read: those that nobody can find, and on request all. */
  async #markDamaged(
    objects: Spool,
    reader: BackupObjectReader,
    isSkipping: boolean,
  ): Promise<readonly SkippedObject[]> {
    if (!isSkipping) return [];
    const skipped: SkippedObject[] = [];
    await using marked = await Spool.open(this.#spoolFolder);
    for await (const object of parseBackupObjects(readJsonLines(objects.chunks()))) {
      const reason = object.damage ?? (await reader.whyDamaged(object));
      await marked.write(printJsonLine({ ...object, ...(reason === undefined ? {} : { damage: reason }) }));
      if (reason === undefined) continue;
      const affected = await this.#affected(object.digest);
      skipped.push({ digest: object.digest, reason, affected });
    }
    await objects.clear();
    for await (const chunk of marked.chunks()) await objects.write(chunk);
    return skipped;
  }

  async #affected(digest: Digest): Promise<readonly string[]> {
    const affected = await new AffectedVersions(this.#registry, this.#storage).of(digest);
    return affected.map(({ reference }) => reference);
  }

  /** The copies help to mend a store, and are none of the backup: it is made without them too. */
  async #snapshotStores(): Promise<readonly string[]> {
    const warnings: string[] = [];
    for (const name of this.#storage.storeNames) {
      try {
        await this.#storage.adapter(name).maintenance?.snapshot();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        warnings.push(`The store ${name} could not keep a copy of its records: ${reason}`);
      }
    }
    return warnings;
  }
}
