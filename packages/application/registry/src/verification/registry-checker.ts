import {
  type DamagedRecord,
  type ModelVersion,
  type Page,
  type RegistryRecord,
  changedContent,
  withPublishedContent,
  versionOwner,
} from '@holdfast/domain';
import { StorageError, throwIfCancelled } from '@holdfast/ports';
import { affectedRecord } from './affected-record.ts';
import type { FindingReporter } from './finding-reporter.ts';
import { type NamedManifest, readNamedManifest } from './read-named-manifest.ts';
import type { ReadPublishedOptions } from './read-published-options.ts';
import { readPublished } from './read-published.ts';
import { type Affected, type Repair, type VerifiedObject, VerifiedState } from './verified-object.ts';

export interface RegistryCheckerOptions extends ReadPublishedOptions {
  readonly reporter: FindingReporter;
  /** Whether versions are repaired from their manifests. */
  readonly repairs: boolean;
}

/** So that a page of the longest records fits into memory. */
const versionsAtOnce = 50;

/** Checks the registry's own records: their checksums, the database, and versions against what was published of them. */
export class RegistryChecker {
  readonly #options: RegistryCheckerOptions;
  readonly #damaged = new Set<string>();

  constructor(options: RegistryCheckerOptions) {
    this.#options = options;
  }

  /** Records whose checksum does not match, and what the database finds of itself: findings without a store. */
  async *checkRecords(): AsyncIterable<VerifiedObject> {
    for await (const page of this.#options.registry.checkRecords()) {
      throwIfCancelled(this.#options.signal, { operation: 'verify' });
      for (const damage of page) {
        if (damage.kind === 'version' && damage.versionId !== undefined) this.#damaged.add(damage.versionId);
        yield await this.#report(damage);
      }
    }
  }

  /** Versions that are not as their manifests have them, but for those whose checksum said so. */
  async *compareManifests(): AsyncIterable<VerifiedObject> {
    for await (const version of this.#versions()) {
      if (this.#damaged.has(version.id)) continue;
      const finding = await this.#compare(version);
      if (finding !== undefined) yield finding;
    }
  }

  async #report(damage: DamagedRecord): Promise<VerifiedObject> {
    const affected = await this.#affectedBy(damage);
    const repair = await this.#repair(damage);
    return toFinding({ record: damage.subject, reason: damage.reason, affected, repair });
  }

  async #compare(version: ModelVersion): Promise<VerifiedObject | undefined> {
    const { published, damage } = await this.#published(version);
    if (damage !== undefined) return damagedManifest(version, damage);
    if (published === undefined) return undefined;
    const fields = changedContent(published, version);
    if (fields.length === 0) return undefined;
    return toFinding({
      record: `version ${version.modelName}:${version.number}`,
      reason: `${fields.join(', ')}: not as published, by the manifest beside its bytes`,
      affected: [affectedOf(version)],
      repair: this.#options.repairs
        ? await this.#mend([withPublishedContent(version, published)], 'manifest')
        : undefined,
    });
  }

  /** What was published, at the place where the version is now: a restore may have moved it. */
  async #published(version: ModelVersion): Promise<NamedManifest> {
    const { manifestDigest } = version;
    const named = await readNamedManifest(version.id, this.#options);
    const digests = manifestDigest === undefined ? [] : [manifestDigest];
    const found = named.published ?? (await readPublished(version.id, digests, this.#options));
    if (found === undefined || named.damage !== undefined) return named;
    const published = manifestDigest === undefined ? found : { ...found, manifestDigest };
    const [now, before] = [version.storage, published.storage];
    const isSameContent =
      now.checksum === before.checksum && now.sizeBytes === before.sizeBytes && now.format === before.format;
    return { published: isSameContent ? { ...published, storage: now } : published };
  }

  async #repair({ kind, versionId }: DamagedRecord): Promise<Repair | undefined> {
    if (!this.#options.repairs) return undefined;
    if (kind !== 'version' || versionId === undefined)
      return refused('only versions have a manifest; restore the registry from a backup');
    const { objects } = this.#options.registry.repositories;
    const published = await readPublished(
      versionId,
      await objects.findReferences(versionOwner(versionId)),
      this.#options,
    );
    if (published === undefined) return refused('its manifest cannot be read');
    const stored = await this.#find(versionId);
    const candidates =
      stored === undefined ? [published] : [withPublishedContent(stored, published), published];
    return this.#mend(candidates, 'checksum');
  }

  async #mend(candidates: readonly ModelVersion[], proof: 'checksum' | 'manifest'): Promise<Repair> {
    for (const candidate of candidates) {
      const isMended = await this.#options.registry.unitOfWork(({ archive }) =>
        archive.mendVersion(candidate, proof),
      );
      if (isMended) return { source: 'its manifest', isRepaired: true };
    }
    return refused(
      'what is damaged is not in the manifest (tags, status, verdict, history); restore a backup',
    );
  }

  async #affectedBy({
    owner,
    versionId,
    modelId,
    number,
    digest,
  }: DamagedRecord): Promise<readonly Affected[]> {
    const { models, versions } = this.#options.registry.repositories;
    if (owner !== undefined && owner.kind !== 'version') return [affectedRecord(owner, 'registry')];
    if (modelId !== undefined && number !== undefined) {
      const model = await models.findById(modelId).catch(ifCorrupt);
      if (model !== undefined) return [affectedOf({ modelName: model.name, number })];
    }
    if (versionId !== undefined) {
      const version = await this.#find(versionId);
      return version === undefined ? [] : [affectedOf(version)];
    }
    if (digest !== undefined)
      return (await this.#options.reporter.affected(digest, this.#options)).map((one) =>
        'kind' in one
          ? { ...one, part: 'registry' }
          : affectedOf({ modelName: one.model, number: one.number }),
      );
    if (modelId === undefined) return [];
    const page = await versions.findAll({ filter: { modelId } }).catch(ifCorrupt);
    return (page?.items ?? []).map(affectedOf);
  }

  async #find(versionId: string): Promise<ModelVersion | undefined> {
    return this.#options.registry.repositories.versions.findById(versionId).catch(ifCorrupt);
  }

  /** Every version that can be read; a page that cannot was reported by its checksums. */
  async *#versions(): AsyncIterable<ModelVersion> {
    const { archive } = this.#options.registry.repositories;
    let after: string | undefined;
    do {
      throwIfCancelled(this.#options.signal, { operation: 'verify' });
      const query = { limit: versionsAtOnce, after };
      const page: Page<RegistryRecord> | undefined = await archive.list('version', query).catch(ifCorrupt);
      for (const record of page?.items ?? []) if (record.kind === 'version') yield record.version;
      after = page?.next;
    } while (after !== undefined);
  }
}

function affectedOf({ modelName: model, number }: Pick<ModelVersion, 'modelName' | 'number'>): Affected {
  return { reference: `${model}:${number}`, model, number, part: 'registry' };
}

interface RecordFinding {
  readonly record: string;
  readonly reason: string;
  readonly affected: readonly Affected[];
  readonly repair: Repair | undefined;
}

function toFinding({ record, reason, affected, repair }: RecordFinding): VerifiedObject {
  return {
    state: VerifiedState.Damaged,
    record,
    sizeBytes: 0,
    reason,
    affected,
    copies: [],
    ...(repair === undefined ? {} : { repair }),
  };
}

function damagedManifest(version: ModelVersion, reason: string): VerifiedObject {
  const record = `manifest ${version.modelName}:${version.number}`;
  return toFinding({ record, reason, affected: [affectedOf(version)], repair: undefined });
}

function refused(reason: string): Repair {
  return { source: 'its manifest', isRepaired: false, reason };
}

function ifCorrupt(error: unknown): undefined {
  if (!StorageError.isInstance(error, 'corrupt')) throw error;
  return undefined;
}
