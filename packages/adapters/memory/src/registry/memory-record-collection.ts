import type { CursorValues } from '@holdfast/adapter-kit';
import {
  type AnyRecordDescriptor,
  type Entity,
  type EntityOrderField,
  type Page,
  type RankedCondition,
  Rank,
  type RecordCollection,
  type RecordDescriptor,
  type RecordFilter,
  type RepositoryQuery,
  decodeRecord,
  encodeRecord,
  meetsCondition,
  printReferenceOwner,
  rankedConditions,
  rankedField,
  seriesDescriptors,
} from '@holdfast/domain';
import type { ForkableMap } from './forkable-map.ts';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
import { pageOf } from './page-of.ts';
import { registryErrors } from './registry-errors.ts';

type Query<Field extends string> = RepositoryQuery<RecordFilter<Field>, Field | EntityOrderField>;

/** The records of a kind in memory. */
export class MemoryRecordCollection<T extends Entity, Field extends string> implements RecordCollection<
  T,
  Field
> {
  readonly #session: MemorySession;
  readonly #descriptor: RecordDescriptor<T, Field>;

  constructor(session: MemorySession, descriptor: RecordDescriptor<T, Field>) {
    this.#session = session;
    this.#descriptor = descriptor;
  }

  save(record: T): Promise<T> {
    const operation = this.#named('save');
    return this.#session.write(operation, (tables) => {
      const stored = tables.records.of(this.#descriptor.kind).get(record.id);
      if (record.revision === 0 && stored !== undefined) throw registryErrors.taken(operation, record.id);
      if (record.revision !== (stored?.revision ?? 0)) throw registryErrors.stale(operation, record.id);
      return putRecord(tables, this.#descriptor, {
        record: { ...record, revision: record.revision + 1 },
        operation,
      }) as T;
    });
  }

  findById(id: string): Promise<T | undefined> {
    return this.#session.read(this.#named('findById'), (tables) => this.#records(tables).get(id));
  }

  find(filter: RecordFilter<Field>): Promise<T | undefined> {
    return this.findAll({ filter, limit: 1 }).then(({ items }) => items[0]);
  }

  findAll(query: Query<Field> = {}): Promise<Page<T>> {
    const operation = this.#named('findAll');
    const { limit, after, order = this.#descriptor.order } = query;
    return this.#session.read(operation, (tables) =>
      pageOf(this.#matching(tables, query.filter), {
        operation,
        limit,
        after,
        orderName: `${this.#descriptor.kind} ${order.field} ${order.direction}`,
        descending: order.direction === 'descending',
        valuesOf: (record) => this.#orderValues(record, order.field),
      }),
    );
  }

  delete(id: string, revision?: number): Promise<boolean> {
    const operation = this.#named('delete');
    return this.#session.write(operation, (tables) => {
      const stored = this.#records(tables).get(id);
      if (stored === undefined) return false;
      if (revision !== undefined && stored.revision !== revision) throw registryErrors.stale(operation, id);
      const { kind } = this.#descriptor;
      for (const [name, key] of uniqueKeys(this.#descriptor, stored))
        tables.uniqueFields.of(name).delete(key);
      tables.records.of(kind).delete(id);
      tables.references.delete(printReferenceOwner({ kind, id }));
      for (const { kind: series, owner } of seriesDescriptors)
        if (owner.kind === kind) tables.series.of(series).delete(id);
      return true;
    });
  }

  exists(id: string): Promise<boolean> {
    return this.#session.read(this.#named('exists'), (tables) => this.#records(tables).has(id));
  }

  count(filter?: RecordFilter<Field>): Promise<number> {
    return this.#session.read(this.#named('count'), (tables) => this.#matching(tables, filter).length);
  }

  #named(operation: string): string {
    return `${this.#descriptor.kind}.${operation}`;
  }

  /** What is stored under a kind was made by its descriptor. */
  #records(tables: MemoryTables): ForkableMap<T> {
    return tables.records.of(this.#descriptor.kind) as unknown as ForkableMap<T>;
  }

  #matching(tables: MemoryTables, filter: RecordFilter<Field> | undefined): readonly T[] {
    const conditions = rankedConditions(this.#descriptor, filter);
    return [...this.#records(tables).values()].filter((record) =>
      meetsAll(this.#descriptor, record, conditions),
    );
  }

  #orderValues(record: T, field: Field | EntityOrderField): CursorValues {
    if (field === 'id') return [record.id];
    if (field === 'createdAt') return [record.createdAt, record.id];
    if (field === 'updatedAt') return [record.updatedAt, record.id];
    const { rank, value } = rankedField(this.#descriptor, record, field);
    return [rank, value, record.id];
  }
}

/** Whether a record meets every condition of a filter. */
export function meetsAll<T extends Entity, Field extends string>(
  descriptor: RecordDescriptor<T, Field>,
  record: T,
  conditions: readonly (readonly [Field | 'id', RankedCondition])[],
): boolean {
  return conditions.every(([field, condition]) =>
    meetsCondition(rankedField(descriptor, record, field), condition),
  );
}

/**
 * Writes a record as it is, with what it refers to, after everything was checked.
 *
 * @throws StorageError `already-exists` when another record has a unique value of it; `locked` when it refers to what is
 *   about to be deleted.
 */
export function putRecord(
  tables: MemoryTables,
  descriptor: AnyRecordDescriptor,
  { record, operation }: { readonly record: Entity; readonly operation: string },
): Entity {
  const saved = decodeRecord(descriptor, encodeRecord(descriptor, record));
  const { kind, fields } = descriptor;
  for (const field of Object.keys(fields)) rankedField(descriptor, saved, field);
  const keys = uniqueKeys(descriptor, saved);
  for (const [name, key] of keys) {
    const holder = tables.uniqueFields.of(name).get(key);
    if (holder !== undefined && holder !== saved.id) throw registryErrors.taken(operation, saved.id);
  }
  const owner = printReferenceOwner({ kind, id: saved.id });
  const digests = new Set(descriptor.references?.(saved));
  for (const digest of digests.difference(tables.references.get(owner) ?? new Set()))
    if (tables.condemned.has(digest)) throw registryErrors.condemned(operation, digest);
  const before = tables.records.of(kind).get(saved.id);
  if (before !== undefined)
    for (const [name, key] of uniqueKeys(descriptor, before)) tables.uniqueFields.of(name).delete(key);
  for (const [name, key] of keys) tables.uniqueFields.of(name).set(key, saved.id);
  tables.records.of(kind).set(saved.id, saved);
  if (digests.size > 0) tables.references.set(owner, digests);
  else tables.references.delete(owner);
  return saved;
}

/** The names of unique sets of fields with the values that a record has of them. */
function uniqueKeys<T extends Entity, Field extends string>(
  descriptor: RecordDescriptor<T, Field>,
  record: T,
): readonly (readonly [string, string])[] {
  return descriptor.unique.flatMap((fields) => {
    const values = fields.map((field) => rankedField(descriptor, record, field));
    if (values.some(({ rank }) => rank === Rank.Absent)) return [];
    const key = JSON.stringify(values.map(({ rank, value }) => [rank, String(value)]));
    return [[`${descriptor.kind} ${fields.join(' ')}`, key] as const];
  });
}
