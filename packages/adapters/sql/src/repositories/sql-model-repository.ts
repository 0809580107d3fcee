import type {
  Model,
  ModelFilter,
  ModelOrderField,
  ModelRepository,
  ModelSummary,
  Page,
  RepositoryQuery,
} from '@holdfast/domain';
import type { Kysely } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { modelConditions } from './model-conditions.ts';
import { modelColumns, modelOfRow, rowOfModel, summaryOfRow } from './model-rows.ts';
import { raiseNumberCounter, storedCounter } from './raise-number-counter.ts';
import { pageOrderOf, readPage } from './read-page.ts';
import { refreshModelSummary, replaceModelTags } from './refresh-model-summary.ts';
import { assertSealed } from './sealed.ts';

type Query = RepositoryQuery<ModelFilter, ModelOrderField>;

const orderColumns = {
  id: 'models.id',
  name: 'models.name',
  createdAt: 'models.created_at',
  updatedAt: 'models.updated_at',
} as const;

/** The models of a registry in an SQL database. */
export class SqlModelRepository implements ModelRepository {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  save(model: Model): Promise<Model> {
    return this.#session.write('models.save', async (database) => {
      if (model.revision === 0) await insertModel(database, model);
      else await updateModel(database, model);
      await replaceModelTags(database, { modelId: model.id, source: 'model', tags: model.tags });
      return { ...model, revision: model.revision + 1 };
    });
  }

  async findById(id: string): Promise<Model | undefined> {
    const row = await this.#session.read('models.findById', (database) =>
      database.selectFrom('models').select(modelColumns).where('id', '=', id).executeTakeFirst(),
    );
    return row === undefined ? undefined : modelOfRow(row);
  }

  async findByName(name: string): Promise<Model | undefined> {
    const row = await this.#session.read('models.findByName', (database) =>
      database.selectFrom('models').select(modelColumns).where('name', '=', name).executeTakeFirst(),
    );
    return row === undefined ? undefined : modelOfRow(row);
  }

  findAll(query: Query = {}): Promise<Page<Model>> {
    const operation = 'models.findAll';
    return this.#session.read(operation, (database) =>
      readPage(database.selectFrom('models').select(modelColumns).where(modelConditions(query.filter)), {
        ...pagePlan(query, operation),
        itemOf: modelOfRow,
      }),
    );
  }

  listSummaries(query: Query = {}): Promise<Page<ModelSummary>> {
    const operation = 'models.listSummaries';
    return this.#session.read(operation, (database) =>
      readPage(database.selectFrom('models').selectAll().where(modelConditions(query.filter)), {
        ...pagePlan(query, operation),
        itemOf: summaryOfRow,
      }),
    );
  }

  delete(id: string, revision?: number): Promise<boolean> {
    return this.#session.write('models.delete', async (database) => {
      const found = await database
        .selectFrom('models')
        .select('revision')
        .where('id', '=', id)
        .executeTakeFirst();
      if (found === undefined) return false;
      if (revision !== undefined && found.revision !== revision)
        throw registryErrors.stale('models.delete', id);
      await database.deleteFrom('models').where('id', '=', id).execute();
      return true;
    });
  }

  async exists(id: string): Promise<boolean> {
    const row = await this.#session.read('models.exists', (database) =>
      database.selectFrom('models').select('id').where('id', '=', id).executeTakeFirst(),
    );
    return row !== undefined;
  }

  async count(filter?: ModelFilter): Promise<number> {
    const row = await this.#session.read('models.count', (database) =>
      database
        .selectFrom('models')
        .select((select) => select.fn.countAll<number | string>().as('count'))
        .where(modelConditions(filter))
        .executeTakeFirstOrThrow(),
    );
    return Number(row.count);
  }

  reserveNumber(name: string): Promise<number> {
    return this.#session.write('models.reserveNumber', async (database) => {
      const next = ((await storedCounter(database, name)) ?? 0) + 1;
      await raiseNumberCounter(database, name, next);
      return next;
    });
  }
}

function pagePlan(query: Query, operation: string) {
  const { order, limit, after } = query;
  const field = order?.field;
  const columns = { name: 'name', createdAt: 'created_at', updatedAt: 'updated_at' } as const;
  const valuesOf = (row: {
    id: string;
    name: string;
    created_at: string;
    updated_at: string;
  }): readonly string[] => (field === undefined ? [row.id] : [row[columns[field]], row.id]);
  return { operation, limit, after, order: pageOrderOf(order, orderColumns), valuesOf };
}

async function insertModel(database: Kysely<RegistrySchema>, model: Model): Promise<void> {
  const inserted = await database
    .insertInto('models')
    .values({ ...rowOfModel(model, 1), summary: '' })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) throw registryErrors.taken('models.save', model.name);
  await refreshModelSummary(database, model.id);
}

async function updateModel(database: Kysely<RegistrySchema>, model: Model): Promise<void> {
  const stored = await database
    .selectFrom('models')
    .select(modelColumns)
    .where('id', '=', model.id)
    .executeTakeFirst();
  assertSealed('models', stored);
  if (stored?.revision !== model.revision) throw registryErrors.stale('models.save', model.id);
  await database
    .updateTable('models')
    .set(rowOfModel(model, model.revision + 1))
    .where('id', '=', model.id)
    .execute();
  if (stored.name !== model.name) await carryCounter(database, stored.name, model.name);
}

/** A renamed model goes on counting where it was. */
async function carryCounter(database: Kysely<RegistrySchema>, from: string, to: string): Promise<void> {
  const counter = await storedCounter(database, from);
  if (counter !== undefined) await raiseNumberCounter(database, to, counter);
}
