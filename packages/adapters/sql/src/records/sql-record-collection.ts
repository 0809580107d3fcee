import type { CursorValues } from '@holdfast/adapter-kit';
import {
  type Entity,
  type EntityOrderField,
  type Page,
  type RecordCollection,
  type RecordDescriptor,
  type RecordFilter,
  type RepositoryQuery,
  rankedField,
} from '@holdfast/domain';
import { type Kysely, sql } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import { type PageOrder, readPage } from '../repositories/read-page.ts';
import { assertSealed } from '../repositories/sealed.ts';
import { fieldColumn, rankColumn, recordTable, snakeCase } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { deleteSeriesOf } from './delete-series-of.ts';
import { insertRecordRows } from './insert-record-rows.ts';
import { recordConditions } from './record-conditions.ts';
import { changeReferences, compareReferences, deleteReferences } from './record-references.ts';
import { type RecordRow, recordColumns, recordOfRow, rowOfRecord } from './record-rows.ts';

type Query<Field extends string> = RepositoryQuery<RecordFilter<Field>, Field | EntityOrderField>;

/** The records of a kind in an SQL database: a table a kind. */
export class SqlRecordCollection<T extends Entity, Field extends string> implements RecordCollection<
  T,
  Field
> {
  readonly #session: SqlSession;
  readonly #descriptor: RecordDescriptor<T, Field>;
  readonly #table: string;

  constructor(session: SqlSession, descriptor: RecordDescriptor<T, Field>) {
    this.#session = session;
    this.#descriptor = descriptor;
    this.#table = recordTable(descriptor.kind);
  }

  async save(record: T): Promise<T> {
    const operation = this.#named('save');
    const row = rowOfRecord(this.#descriptor, { ...record, revision: record.revision + 1 });
    const saved = this.#recordOf(row);
    const owner = { kind: this.#descriptor.kind, id: saved.id };
    const digests = this.#descriptor.references?.(saved) ?? [];
    return this.#session.write(operation, async (database) => {
      const changed = await compareReferences(database, owner, { digests, operation });
      if (record.revision === 0) await insertRecordRows(database, [row], { table: this.#table, operation });
      else await this.#update(database, row, record.revision);
      await changeReferences(database, owner, changed);
      return saved;
    });
  }

  findById(id: string): Promise<T | undefined> {
    return this.#session.read(this.#named('findById'), async (database) => {
      const row = await this.#select(database).where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : this.#recordOf(row);
    });
  }

  async find(filter: RecordFilter<Field>): Promise<T | undefined> {
    return (await this.findAll({ filter, limit: 1 })).items[0];
  }

  async findAll(query: Query<Field> = {}): Promise<Page<T>> {
    const operation = this.#named('findAll');
    const { limit, after, order = this.#descriptor.order } = query;
    const conditions = recordConditions(this.#descriptor, query.filter);
    return this.#session.read(operation, (database) =>
      readPage(this.#select(database).where(conditions), {
        operation,
        limit,
        after,
        order: { columns: orderColumns(order.field), direction: order.direction },
        valuesOf: (row) => this.#orderValues(this.#recordOf(row), order.field),
        itemOf: (row) => this.#recordOf(row),
      }),
    );
  }

  delete(id: string, revision?: number): Promise<boolean> {
    const operation = this.#named('delete');
    const { kind } = this.#descriptor;
    return this.#session.write(operation, async (database) => {
      const stored = await this.#select(database).where('id', '=', id).executeTakeFirst();
      if (stored === undefined) return false;
      if (revision !== undefined && stored.revision !== revision) throw registryErrors.stale(operation, id);
      await deleteSeriesOf(database, { kind, id });
      await deleteReferences(database, { kind, id });
      await sql`delete from ${sql.table(this.#table)} where id = ${id}`.execute(database);
      return true;
    });
  }

  exists(id: string): Promise<boolean> {
    return this.#session.read(
      this.#named('exists'),
      async (database) =>
        (await this.#select(database).where('id', '=', id).executeTakeFirst()) !== undefined,
    );
  }

  async count(filter?: RecordFilter<Field>): Promise<number> {
    const conditions = recordConditions(this.#descriptor, filter);
    return this.#session.read(this.#named('count'), async (database) => {
      const { count } = await this.#from(database)
        .select((select) => select.fn.countAll<number | string>().as('count'))
        .where(conditions)
        .executeTakeFirstOrThrow();
      return Number(count);
    });
  }

  #named(operation: string): string {
    return `${this.#descriptor.kind}.${operation}`;
  }

  #recordOf(row: RecordRow): T {
    return recordOfRow(this.#descriptor, row) as T;
  }

  #from(database: Kysely<RegistrySchema>) {
    return database.selectFrom(sql.table<RecordRow>(this.#table).as('record'));
  }

  #select(database: Kysely<RegistrySchema>) {
    return this.#from(database).select(recordColumns);
  }

  async #update(database: Kysely<RegistrySchema>, row: RecordRow, revision: number): Promise<void> {
    const stored = await this.#select(database).where('id', '=', row.id).executeTakeFirst();
    assertSealed(recordTable(this.#descriptor.kind), stored);
    if (stored?.revision !== revision) throw registryErrors.stale(this.#named('save'), row.id);
    const changes = Object.entries(row).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
    await sql`update ${sql.table(this.#table)} set ${sql.join(changes)} where id = ${row.id}`.execute(
      database,
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

function orderColumns(field: string): PageOrder['columns'] {
  if (field === 'id') return ['id'];
  if (field === 'createdAt' || field === 'updatedAt') return [snakeCase(field), 'id'];
  return [rankColumn(field), fieldColumn(field), 'id'];
}
