import {
  type ModelVersion,
  type ModelVersionFilter,
  type ModelVersionOrderField,
  type ModelVersionRepository,
  type Page,
  type RepositoryQuery,
  changedContent,
} from '@holdfast/domain';
import { carriesTags } from './carries-tags.ts';
import { frozenVersion } from './frozen-record.ts';
import { latestVersion, versionsOf } from './latest-version.ts';
import type { MemorySession } from './memory-session.ts';
import { type MemoryTables, versionNumberKey } from './memory-tables.ts';
import { pageOf } from './page-of.ts';
import { registryErrors } from './registry-errors.ts';

/** The versions of all models of a registry in memory. */
export class MemoryModelVersionRepository implements ModelVersionRepository {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  save(version: ModelVersion): Promise<ModelVersion> {
    return this.#session.write('versions.save', (tables) => {
      const stored = tables.versions.get(version.id);
      if (version.revision === 0) assertFree(tables, version);
      else assertSuccessor(stored, version);
      const saved = frozenVersion({ ...version, revision: version.revision + 1 });
      if (stored !== undefined) forget(tables, stored);
      tables.versions.set(saved.id, saved);
      tables.versionIds.set(saved.modelId, [...(tables.versionIds.get(saved.modelId) ?? []), saved.id]);
      tables.counters.set(saved.modelName, Math.max(tables.counters.get(saved.modelName) ?? 0, saved.number));
      return saved;
    });
  }

  findById(id: string): Promise<ModelVersion | undefined> {
    return this.#session.read('versions.findById', (tables) => tables.versions.get(id));
  }

  findByNumber(modelId: string, number: number): Promise<ModelVersion | undefined> {
    return this.#session.read('versions.findByNumber', (tables) =>
      versionsOf(tables, modelId).find((version) => version.number === number),
    );
  }

  findLatest(modelId: string): Promise<ModelVersion | undefined> {
    return this.#session.read('versions.findLatest', (tables) => latestVersion(tables, modelId));
  }

  findAll(
    query: RepositoryQuery<ModelVersionFilter, ModelVersionOrderField> = {},
  ): Promise<Page<ModelVersion>> {
    const { filter, order, limit, after } = query;
    const field = order?.field;
    const operation = 'versions.findAll';
    return this.#session.read(operation, (tables) =>
      pageOf(matching(tables, filter), {
        operation,
        limit,
        after,
        orderName: `${field ?? 'id'} ${order?.direction ?? 'ascending'}`,
        descending: order?.direction === 'descending',
        valuesOf: (version) => (field === undefined ? [version.id] : [version[field], version.id]),
      }),
    );
  }

  delete(id: string, revision?: number): Promise<boolean> {
    return this.#session.write('versions.delete', (tables) => {
      const stored = tables.versions.get(id);
      if (stored === undefined) return false;
      if (revision !== undefined && revision !== stored.revision)
        throw registryErrors.stale('versions.delete', id);
      forget(tables, stored);
      tables.removedVersions.set(versionNumberKey(stored), true);
      return true;
    });
  }

  exists(id: string): Promise<boolean> {
    return this.#session.read('versions.exists', (tables) => tables.versions.has(id));
  }

  count(filter?: ModelVersionFilter): Promise<number> {
    return this.#session.read('versions.count', (tables) => matching(tables, filter).length);
  }
}

function assertFree(tables: MemoryTables, version: ModelVersion): void {
  const key = versionNumberKey(version);
  const isTaken = versionsOf(tables, version.modelId).some(({ number }) => number === version.number);
  if (isTaken || tables.versions.has(version.id)) throw registryErrors.taken('versions.save', key);
  if (tables.removedVersions.has(key)) throw registryErrors.removed('versions.save', key);
}

function assertSuccessor(stored: ModelVersion | undefined, version: ModelVersion): void {
  if (stored?.revision !== version.revision) throw registryErrors.stale('versions.save', version.id);
  const fields = changedContent(stored, version);
  if (fields.length > 0) throw registryErrors.immutable('versions.save', versionNumberKey(version), fields);
}

function forget(tables: MemoryTables, version: ModelVersion): void {
  const left = (tables.versionIds.get(version.modelId) ?? []).filter((id) => id !== version.id);
  tables.versionIds.set(version.modelId, left);
  tables.versions.delete(version.id);
}

function matching(tables: MemoryTables, filter: ModelVersionFilter = {}): readonly ModelVersion[] {
  const { modelId, status, verdict, format, digest, tags } = filter;
  const candidates = modelId === undefined ? [...tables.versions.values()] : versionsOf(tables, modelId);
  return candidates.filter(
    (version) =>
      (status === undefined || version.status === status) &&
      (verdict === undefined || version.verdict === verdict) &&
      (format === undefined || version.storage.format === format) &&
      (digest === undefined || version.storage.checksum === digest) &&
      (tags === undefined || carriesTags(version.tags, tags)),
  );
}
