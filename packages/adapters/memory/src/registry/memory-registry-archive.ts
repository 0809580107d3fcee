import {
  type AliasMove,
  type ArchiveQuery,
  type Digest,
  type ModelVersion,
  type NeededObject,
  type Page,
  type RegistryArchive,
  type RegistryRecord,
  type RegistryRecordKind,
  type UtcTimestamp,
  compareKeys,
  heldLeaseId,
} from '@holdfast/domain';
import { frozenVersion } from './frozen-record.ts';
import { insertRecords } from './insert-records.ts';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
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
      [tables.models, tables.versions, tables.references].every((map) => map.keys().next().done === true),
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
    Array.from(tables.references.keys()).flatMap((versionId) =>
      [...(tables.references.get(versionId) ?? [])].map((digest) => ({
        kind: 'references' as const,
        versionId,
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
};

function keyOf(record: RegistryRecord): readonly string[] {
  switch (record.kind) {
    case 'model':
      return [record.model.id];
    case 'counter':
      return [record.name];
    case 'version':
      return [record.version.id];
    case 'references':
      return [record.versionId, record.digests[0] ?? ''];
    case 'alias':
      return [record.modelId, record.name];
    case 'location':
      return [record.location.digest, record.location.storeName];
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
