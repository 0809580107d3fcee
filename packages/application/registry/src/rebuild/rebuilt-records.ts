import {
  type Digest,
  type Model,
  type ModelVersion,
  type RegistryRecord,
  createModel,
  epochMsOf,
  versionOwner,
} from '@holdfast/domain';
import type { Spool } from '@holdfast/storage';
import { batchSize } from '../backup/backup-layout.ts';
import type { BackupReader } from '../backup/backup-reader.ts';
import { printJsonLine } from '../backup/json-lines.ts';
import type { ManifestOutline } from './choose-manifests.ts';
import type { RebuildFinding } from './rebuild-report.ts';

/** How long a publication may have been under way when a backup was made. */
const publicationMs = 600_000;

/** The records that stores and a backup give together, and what is to be said about them. */
export class RebuiltRecords {
  readonly findings: RebuildFinding[] = [];
  readonly #spool: Spool;
  readonly #backup: BackupReader | undefined;
  readonly #models = new Map<string, Model>();
  readonly #numbers = new Map<string, Set<number>>();
  #versionCount = 0;

  constructor(spool: Spool, backup: BackupReader | undefined) {
    this.#spool = spool;
    this.#backup = backup;
  }

  get modelCount(): number {
    return this.#models.size;
  }

  get versionCount(): number {
    return this.#versionCount;
  }

  add(record: RegistryRecord): Promise<void> {
    return this.#spool.write(printJsonLine(record));
  }

  /** Notes that something is not there. */
  leaveOut(subject: { readonly subject: string; readonly storeName: string }, reason: string): void {
    this.findings.push({ ...subject, outcome: 'left out', reason });
  }

  /** The ids of the versions that the backup has. */
  async backedUpVersions(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for await (const record of this.#backup?.records() ?? []) {
      if (record.kind === 'version') ids.add(record.version.id);
    }
    return ids;
  }

  /**
   * Takes over what only the backup knows: models and the numbers that were given out.
   *
   * @param owners The ids of the models that have versions, by name: one of another id was removed since.
   */
  async addModelsOfBackup(owners: ReadonlyMap<string, string>): Promise<void> {
    for await (const record of this.#backup?.records() ?? []) {
      if (record.kind === 'counter') await this.add(record);
      if (record.kind !== 'model') continue;
      const { id, name } = record.model;
      if ((owners.get(name) ?? id) !== id) continue;
      this.#models.set(id, record.model);
      await this.add(record);
    }
  }

  /** Whether a version that the backup has not may be believed: it was published after the backup was made. */
  isNewerThanBackup({ createdAt }: Pick<ManifestOutline, 'createdAt'>): boolean {
    if (this.#backup === undefined) return true;
    return epochMsOf(createdAt) >= epochMsOf(this.#backup.summary.created) - publicationMs;
  }

  /** Adds a version, what it needs, and its model when that is new. */
  async addVersion(version: ModelVersion, needed: readonly Digest[]): Promise<void> {
    await this.#addModelOf(version);
    await this.add({ kind: 'version', version });
    for (let start = 0; start < needed.length; start += batchSize) {
      const digests = needed.slice(start, start + batchSize);
      await this.add({ kind: 'references', owner: versionOwner(version.id), digests });
    }
    const numbers = this.#numbers.get(version.modelId) ?? new Set();
    this.#numbers.set(version.modelId, numbers.add(version.number));
    this.#versionCount += 1;
  }

  /** Adds the aliases of the backup whose versions are there. */
  async addAliases(storeName: string): Promise<void> {
    for await (const record of this.#backup?.records() ?? []) {
      if (record.kind !== 'alias') continue;
      const to = record.moves.at(-1)?.to;
      if (to === undefined || this.#numbers.get(record.modelId)?.has(to) === true) await this.add(record);
      else {
        const model = this.#models.get(record.modelId)?.name ?? record.modelId;
        const subject = `${model}@${record.name}`;
        this.leaveOut({ subject, storeName }, `the version ${to} to which it pointed does not exist`);
      }
    }
  }

  /**
   * Adds what only the backup has: records of every kind, and their series.
   *
   * @returns what they need.
   */
  async addRecords(): Promise<ReadonlySet<Digest>> {
    const needed = new Set<Digest>();
    for await (const record of this.#backup?.records() ?? []) {
      const isOfRecord = record.kind === 'references' && record.owner.kind !== 'version';
      if (record.kind !== 'record' && record.kind !== 'series' && !isOfRecord) continue;
      await this.add(record);
      if (isOfRecord) for (const digest of record.digests) needed.add(digest);
    }
    return needed;
  }

  async #addModelOf({ modelId, modelName, createdAt }: ModelVersion): Promise<void> {
    if (this.#models.has(modelId)) return;
    const model = { ...createModel({ id: modelId, name: modelName, now: createdAt }), revision: 1 };
    this.#models.set(modelId, model);
    await this.add({ kind: 'model', model });
  }
}
