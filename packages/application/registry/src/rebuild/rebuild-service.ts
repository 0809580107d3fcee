import { type ModelVersion, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import { type StorageService, Spool } from '@holdfast/storage';
import { backupError } from '../backup/backup-error.ts';
import { BackupReader } from '../backup/backup-reader.ts';
import type { BackupServiceOptions } from '../backup/backup-service.ts';
import { claimStores } from '../backup/claim-stores.ts';
import { assertEmpty, commitRegistry } from '../backup/commit-registry.ts';
import { readJsonLines } from '../backup/json-lines.ts';
import { ObjectHold } from '../backup/object-hold.ts';
import { parseRegistryRecords } from '../backup/parse-registry-record.ts';
import { RestoreTargets } from '../backup/restore-targets.ts';
import { createUuid } from '../create-uuid.ts';
import { countersInReach } from '../fence/counters-in-reach.ts';
import { nameAndSurvey } from '../fence/name-and-survey.ts';
import { StoreClaim } from '../fence/store-claim.ts';
import { ObjectReclaimer } from '../object-reclaimer.ts';
import { type ManifestOutline, chooseManifests, distinctManifests, outlineOf } from './choose-manifests.ts';
import { type FoundTombstone, findManifests, readManifest } from './find-manifests.ts';
import { mendStore } from './mend-store.ts';
import { placeRecordObjects } from './place-record-objects.ts';
import type { RebuiltRegistry } from './rebuild-report.ts';
import { RebuiltRecords } from './rebuilt-records.ts';
import { findVersionObjects } from './version-objects.ts';

export interface RebuildOptions extends Cancellable {
  /** A backup of the lost registry, whole or without objects: what manifests do not hold comes from it. */
  readonly backup?: () => AsyncIterable<Uint8Array>;
  /** The registry that the stores belong to is lost: this one takes its place. @default false */
  readonly mayTakeOver?: boolean | undefined;
  /**
   * Believe objects that begin as a manifest where the store does not say what they were stored as: one that keeps no
   * content types, or whose own records are lost. Anybody who may save there can have made them. @default false
   */
  readonly mayTrustUntyped?: boolean | undefined;
  /** Told how many objects have been looked at. */
  readonly onProgress?: (examinedObjects: number) => void;
}

interface Sources extends RebuildOptions {
  readonly backupReader: BackupReader | undefined;
  readonly hold: ObjectHold;
}

/** Makes a lost registry anew from the manifests that lie beside the bytes of its versions. */
export class RegistryRebuildService {
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
   * Makes the records of the stores anew where those are lost, then the registry, in one transaction, of what the stores
   * hold. Nothing is left out or flawed without being told.
   *
   * @throws StorageError `already-exists` when there is a registry and no store had to be mended; `permission-denied` when
   *   a store belongs to a registry and `mayTakeOver` is not set; `corrupt` when the backup is damaged; `cancelled`.
   */
  async rebuild(storeNames: readonly string[], options: RebuildOptions = {}): Promise<RebuiltRegistry> {
    const mendedStores: RebuiltRegistry['mendedStores'][number][] = [];
    for (const storeName of storeNames) {
      const mended = await mendStore(this.#storage.adapter(storeName), { signal: options.signal });
      if (mended !== undefined) mendedStores.push({ storeName, ...mended });
    }
    const nothing = { modelCount: 0, versionCount: 0, isTakenOver: false, findings: [], notHad: [] };
    if (mendedStores.length > 0 && !(await this.#registry.repositories.archive.isEmpty()))
      return { mendedStores, isRebuilt: false, ...nothing };
    await assertEmpty(this.#registry.repositories);
    await using parts = new AsyncDisposableStack();
    const spoolOptions = { spoolFolder: this.#spoolFolder };
    const backupReader =
      options.backup === undefined
        ? undefined
        : parts.use(await BackupReader.open(options.backup(), spoolOptions));
    const isTakenOver = await claimStores(storeNames, {
      claim: this.#claim,
      registry: this.#registry,
      mayTakeOver: options.mayTakeOver ?? false,
      signal: options.signal,
    });
    const spool = parts.use(await Spool.open(this.#spoolFolder));
    const hold = parts.use(this.#hold(options));
    const records = new RebuiltRecords(spool, backupReader);
    await this.#gather(storeNames, records, { ...options, backupReader, hold });
    for (const record of await countersInReach(this.#storage, storeNames, options)) await records.add(record);
    const gathered = () => parseRegistryRecords(readJsonLines(spool.chunks()));
    await commitRegistry(this.#registry, gathered, { hold });
    const collaborators = { registry: this.#registry, storage: this.#storage, claim: this.#claim };
    await nameAndSurvey(storeNames, { ...collaborators, signal: options.signal });
    const { modelCount, versionCount, findings } = records;
    const notHad = whatIsNotHad(backupReader);
    return {
      mendedStores,
      isRebuilt: true,
      modelCount,
      versionCount,
      isTakenOver,
      findings,
      notHad,
    };
  }

  #hold({ signal }: Cancellable): ObjectHold {
    const collaborators = { registry: this.#registry, storage: this.#storage, claim: this.#claim };
    const reclaimer = new ObjectReclaimer({
      ...collaborators,
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

  async #gather(storeNames: readonly string[], records: RebuiltRecords, sources: Sources): Promise<void> {
    const backedUp = await records.backedUpVersions();
    const found = await this.#findAll(storeNames, records, sources);
    await this.#assertRelated(found, backedUp, sources);
    const { chosen, rejected } = chooseManifests(found, (id) => backedUp.has(id));
    for (const { outline, reason } of rejected) await this.#reject(outline, reason, records);
    const believed = new Map<string, ManifestOutline>();
    for (const outline of chosen) {
      if (backedUp.has(outline.id) || records.isNewerThanBackup(outline)) believed.set(outline.id, outline);
      else
        await this.#reject(
          outline,
          'it was removed, or never published: the backup is newer and has it not',
          records,
        );
    }
    await records.addModelsOfBackup(
      new Map(Array.from(believed.values(), ({ modelName, modelId }) => [modelName, modelId])),
    );
    for await (const record of sources.backupReader?.records() ?? []) {
      if (record.kind !== 'version') continue;
      const outline = believed.get(record.version.id);
      believed.delete(record.version.id);
      if (outline !== undefined) await this.#addVersion(outline, record.version, { records, sources });
      else {
        const subject = `${record.version.modelName}:${record.version.number}`;
        const storeName = record.version.storage.storeName ?? '';
        const reason =
          'the backup has it, and its manifest is not in the store any more: it was removed since, or lost';
        records.leaveOut({ subject, storeName }, reason);
      }
    }
    for (const outline of believed.values()) {
      const { version } = await readManifest(outline, { storage: this.#storage, ...sources });
      await this.#addVersion(outline, version, { records, sources });
    }
    await records.addAliases(storeNames[0] ?? '');
    const needed = await records.addRecords();
    const { backupReader: backup } = sources;
    if (backup !== undefined)
      await placeRecordObjects(records, needed, { ...sources, storage: this.#storage, storeNames, backup });
  }

  /**
   * A registry that was restored has another id than the one that the backup was made of, and the same versions.
   *
   * @throws StorageError `permission-denied` when the backup has nothing to do with the stores.
   */
  async #assertRelated(
    found: readonly ManifestOutline[],
    backedUp: ReadonlySet<string>,
    { backupReader }: Sources,
  ): Promise<void> {
    const registryId = await this.#registry.registryId();
    if (backupReader === undefined || backupReader.summary.registryId === registryId) return;
    if (found.some(({ id }) => backedUp.has(id))) return;
    throw backupError(
      'permission-denied',
      'The backup is of another registry than the stores: not one of its versions is in them.',
      { hint: 'Name a backup of the registry that the stores belonged to, or leave it out.' },
    );
  }

  async #findAll(
    storeNames: readonly string[],
    records: RebuiltRecords,
    { signal, onProgress, hold, mayTrustUntyped = false }: Sources,
  ): Promise<readonly ManifestOutline[]> {
    const outlines: ManifestOutline[] = [];
    const tombstones: FoundTombstone['tombstone'][] = [];
    for (const storeName of storeNames) {
      const found = findManifests({
        storage: this.#storage,
        storeName,
        hold,
        mayTrustUntyped,
        signal,
        onProgress,
      });
      for await (const manifest of found) {
        if ('version' in manifest) outlines.push(outlineOf(manifest));
        else if ('tombstone' in manifest) tombstones.push(manifest.tombstone);
        else records.leaveOut({ subject: manifest.key, storeName }, manifest.reason);
      }
    }
    return distinctManifests(outlines, tombstones);
  }

  /** A number that some manifest claims is never given out again. */
  async #reject(outline: ManifestOutline, reason: string, records: RebuiltRecords): Promise<void> {
    const { modelName, number, storeName } = outline;
    records.leaveOut({ subject: `${modelName}:${number}`, storeName }, reason);
    await records.add({ kind: 'counter', name: modelName, last: number });
  }

  async #addVersion(
    outline: ManifestOutline,
    found: ModelVersion,
    { records, sources }: { readonly records: RebuiltRecords; readonly sources: Sources },
  ): Promise<void> {
    const { storeName, digest, sizeBytes } = outline;
    const manifest = digest === undefined ? undefined : { digest, sizeBytes };
    const version = new RestoreTargets(this.#storage, storeName).relocate(found);
    const objects = await findVersionObjects(version, {
      storage: this.#storage,
      storeName,
      manifest,
      signal: sources.signal,
    });
    if (objects.isGone) {
      await this.#reject(
        outline,
        'its bytes are not in the store: it was removed, or they are lost',
        records,
      );
      return;
    }
    const { locations, missing, treeProblem } = objects;
    const needed = locations.map((location) => location.digest);
    await records.addVersion(version, needed);
    for (const location of locations) await records.add({ kind: 'location', location });
    const reason =
      treeProblem ?? (missing.length === 0 ? undefined : `${missing.length} of its objects are missing`);
    const subject = `${version.modelName}:${version.number}`;
    if (reason !== undefined) records.findings.push({ subject, storeName, outcome: 'marked', reason });
  }
}

function whatIsNotHad(backup: BackupReader | undefined): readonly string[] {
  if (backup === undefined) {
    return [
      'Experiments and runs are in no store; a backup has them: --backup FILE.',
      'Aliases, descriptions and tags of models, and what was changed of a version after it was saved (tags, status, verdict) are in no store; a backup has them: --backup FILE.',
      'Numbers of removed versions may be used again, if the model has no later version.',
    ];
  }
  const created = utcTimestamp(Date.parse(backup.summary.created));
  return [
    `What was changed after the backup of ${created} (aliases, tags, status, descriptions, experiments, runs) is in no store.`,
  ];
}
