import {
  type AliasMove,
  type ArchiveQuery,
  type ArchivedPoint,
  type Digest,
  type ModelVersion,
  type NeededObject,
  type Page,
  type RegistryArchive,
  type RegistryRecord,
  type RegistryRecordKind,
  type UtcTimestamp,
  archivedPoint,
  archivedPointsAtOnce,
  compareKeys,
  encodeRecord,
  heldLeaseId,
  parseReferenceOwner,
  printReferenceOwner,
  recordDescriptors,
  seriesDescriptors,
} from '@holdfast/domain';
import { frozenVersion } from './frozen-record.ts';
import { insertRecords } from './insert-records.ts';
import { orderedPoints } from './memory-series-collection.ts';
import type { MemorySession } from './memory-session.ts';
import type { MemorySeries, MemoryTables } from './memory-tables.ts';
import { pageOf } from './page-of.ts';

/** A whole registry in memory, in and out. */
export class MemoryRegistryArchive implements RegistryArchive {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  list(kind: RegistryRecordKind, query: ArchiveQuery = {}): Promise<Page<RegistryRecord>> {
    const operation = 'archive.list';
    return this.#session.read(operation, (tables) =>
      pageOf(recordsOf[kind](tables), {
        operation,
        ...query,
        orderName: kind,
        descending: false,
        valuesOf: keyOf,
      }),
    );
  }

  listNeeded(query: ArchiveQuery = {}): Promise<Page<NeededObject>> {
    const operation = 'archive.listNeeded';
    return this.#session.read(operation, (tables) => {
      const needed = Array.from(neededDigests(tables), (digest) => ({
        digest,
        locations: [...(tables.locations.get(digest)?.values() ?? [])].toSorted((a, b) =>
          compareKeys(a.storeName, b.storeName),
        ),
      }));
      const valuesOf = ({ digest }: NeededObject): readonly string[] => [digest];
      return pageOf(needed, { operation, ...query, orderName: 'needed', descending: false, valuesOf });
    });
  }

  isEmpty(): Promise<boolean> {
    return this.#session.read('archive.isEmpty', (tables) =>
      [tables.models, tables.versions, tables.references, ...recordMaps(tables)].every(
        (map) => map.keys().next().done === true,
      ),
    );
  }

  insert(records: readonly RegistryRecord[]): Promise<void> {
    return this.#session.write('archive.insert', (tables) => insertRecords(tables, records));
  }

  /** Records in memory have no checksum. */
  mendVersion(version: ModelVersion, proof: 'checksum' | 'manifest'): Promise<boolean> {
    return this.#session.write('archive.mendVersion', (tables) => {
      if (proof === 'checksum' || !tables.versions.has(version.id)) return false;
      tables.versions.set(version.id, frozenVersion(version));
      return true;
    });
  }

  adoptId(registryId: string): Promise<void> {
    return this.#session.write('archive.adoptId', (tables) => {
      tables.registryId = registryId;
    });
  }

  holdNeeded(holder: string, expiresAt: UtcTimestamp): Promise<void> {
    return this.#session.write('archive.holdNeeded', (tables) => {
      for (const digest of neededDigests(tables)) {
        const id = heldLeaseId(holder, digest);
        if (!tables.leases.has(id)) tables.leases.set(id, Object.freeze({ id, digest, expiresAt }));
      }
    });
  }

  renewHold(holder: string, expiresAt: UtcTimestamp): Promise<void> {
    return this.#session.write('archive.renewHold', (tables) => {
      for (const id of heldIds(tables, holder)) {
        const lease = tables.leases.get(id);
        if (lease !== undefined) tables.leases.set(id, Object.freeze({ ...lease, expiresAt }));
      }
    });
  }

  countHold(holder: string): Promise<number> {
    return this.#session.read('archive.countHold', (tables) => heldIds(tables, holder).length);
  }

  endHold(holder: string): Promise<void> {
    return this.#session.write('archive.endHold', (tables) => {
      for (const id of heldIds(tables, holder)) tables.leases.delete(id);
    });
  }
}

const recordsOf: Readonly<
  Record<RegistryRecordKind, (tables: MemoryTables) => Iterable<RegistryRecord> & object>
> = {
  model: (tables) => Array.from(tables.models.values(), (model) => ({ kind: 'model', model })),
  counter: (tables) =>
    Array.from(tables.counters.keys(), (name) => ({
      kind: 'counter',
      name,
      last: tables.counters.get(name) ?? 0,
    })),
  version: (tables) => Array.from(tables.versions.values(), (version) => ({ kind: 'version', version })),
  references: (tables) =>
    Array.from(tables.references.keys()).flatMap((owner) =>
      [...(tables.references.get(owner) ?? [])].map((digest) => ({
        kind: 'references' as const,
        owner: parseReferenceOwner(owner),
        digests: [digest],
      })),
    ),
  alias: (tables) =>
    Array.from(tables.aliases.keys()).flatMap((modelId) =>
      Array.from(tables.aliases.get(modelId) ?? [], ([name, { history }]) => ({
        kind: 'alias' as const,
        modelId,
        name,
        moves: history.map(moveOf),
      })),
    ),
  location: (tables) =>
    Array.from(tables.locations.values()).flatMap((stores) =>
      Array.from(stores.values(), (location) => ({ kind: 'location' as const, location })),
    ),
  record: (tables) =>
    recordDescriptors.flatMap((descriptor) =>
      Array.from(tables.records.of(descriptor.kind).values(), (record) => ({
        kind: 'record' as const,
        of: descriptor.kind,
        record: encodeRecord(descriptor, record),
      })),
    ),
  series: (tables) =>
    seriesDescriptors.flatMap(({ kind: of }) =>
      Array.from(tables.series.of(of).keys()).flatMap((owner) =>
        Array.from(tables.series.of(of).get(owner) ?? []).flatMap(([key, series]) =>
          archivedSeries(series).map((part) => ({ kind: 'series' as const, of, owner, key, ...part })),
        ),
      ),
    ),
};

function recordMaps({ records }: MemoryTables) {
  return recordDescriptors.map(({ kind }) => records.of(kind));
}

/** The points of a series, some at a time. */
function archivedSeries(
  series: MemorySeries,
): readonly { readonly start: number; readonly points: readonly ArchivedPoint[] }[] {
  const points = orderedPoints(series).map(({ point }) => archivedPoint(point));
  const starts = Array.from(
    { length: Math.ceil(points.length / archivedPointsAtOnce) },
    (_, index) => index * archivedPointsAtOnce,
  );
  return starts.map((start) => ({ start, points: points.slice(start, start + archivedPointsAtOnce) }));
}

function keyOf(record: RegistryRecord): readonly (string | number)[] {
  switch (record.kind) {
    case 'model':
      return [record.model.id];
    case 'counter':
      return [record.name];
    case 'version':
      return [record.version.id];
    case 'references':
      return [printReferenceOwner(record.owner), record.digests[0] ?? ''];
    case 'alias':
      return [record.modelId, record.name];
    case 'location':
      return [record.location.digest, record.location.storeName];
    case 'record':
      return [record.of, record.record.id];
    case 'series':
      return [record.of, record.owner, record.key, record.start];
  }
}

function moveOf({ modelId: _model, name: _name, ...move }: AliasMove): Omit<AliasMove, 'modelId' | 'name'> {
  return move;
}

function neededDigests(tables: MemoryTables): ReadonlySet<Digest> {
  return new Set(Array.from(tables.references.values()).flatMap((digests) => [...digests]));
}

function heldIds(tables: MemoryTables, holder: string): readonly string[] {
  return Array.from(tables.leases.keys()).filter((id) => id.startsWith(`${holder}:`));
}
