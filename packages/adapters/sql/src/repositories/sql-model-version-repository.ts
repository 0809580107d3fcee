import {
  type ModelVersion,
  type ModelVersionFilter,
  type ModelVersionOrderField,
  type ModelVersionRepository,
  type Page,
  type RepositoryQuery,
  changedContent,
} from '@holdfast/domain';
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { ModelVersionTable, RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { allOf } from './model-conditions.ts';
import { modelVersionOfRow, rowOfModelVersion } from './model-version-rows.ts';
import { raiseNumberCounter } from './raise-number-counter.ts';
import { pageOrderOf, readPage } from './read-page.ts';
import { findLatestRow, refreshModelSummary } from './refresh-model-summary.ts';
import { replaceVersionTags } from './replace-version-tags.ts';
import { assertSealed, sealed } from './sealed.ts';
import { versionIsTagged } from './tag-conditions.ts';

const orderColumns = {
  id: 'id',
  number: 'number',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const;

/** The versions of all models in an SQL database. */
export class SqlModelVersionRepository implements ModelVersionRepository {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  save(version: ModelVersion): Promise<ModelVersion> {
    return this.#session.write('versions.save', async (database) => {
      if (version.revision === 0) await insertVersion(database, version);
      else await updateVersion(database, version);
      await replaceVersionTags(database, version.id, version.tags);
      await raiseNumberCounter(database, version.modelName, version.number);
      await refreshModelSummary(database, version.modelId);
      return { ...version, revision: version.revision + 1 };
    });
  }

  async findById(id: string): Promise<ModelVersion | undefined> {
    const row = await this.#session.read('versions.findById', (database) =>
      database.selectFrom('model_versions').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row === undefined ? undefined : modelVersionOfRow(row);
  }

  async findByNumber(modelId: string, number: number): Promise<ModelVersion | undefined> {
    const row = await this.#session.read('versions.findByNumber', (database) =>
      database
        .selectFrom('model_versions')
        .selectAll()
        .where('model_id', '=', modelId)
        .where('number', '=', number)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : modelVersionOfRow(row);
  }

  async findLatest(modelId: string): Promise<ModelVersion | undefined> {
    const row = await this.#session.read('versions.findLatest', (database) =>
      findLatestRow(database, modelId),
    );
    return row === undefined ? undefined : modelVersionOfRow(row);
  }

  findAll(
    query: RepositoryQuery<ModelVersionFilter, ModelVersionOrderField> = {},
  ): Promise<Page<ModelVersion>> {
    const operation = 'versions.findAll';
    const { filter, order, limit, after } = query;
    const field = order?.field;
    const valuesOf = (row: ModelVersionTable): readonly (string | number)[] =>
      field === undefined ? [row.id] : [row[orderColumns[field]], row.id];
    const plan = { operation, limit, after, order: pageOrderOf(order, orderColumns), valuesOf };
    return this.#session.read(operation, (database) =>
      readPage(database.selectFrom('model_versions').selectAll().where(conditionsOf(filter)), {
        ...plan,
        itemOf: modelVersionOfRow,
      }),
    );
  }

  delete(id: string, revision?: number): Promise<boolean> {
    return this.#session.write('versions.delete', async (database) => {
      const found = await storedVersion(database, id);
      if (found === undefined) return false;
      if (revision !== undefined && found.revision !== revision)
        throw registryErrors.stale('versions.delete', id);
      await database.deleteFrom('model_versions').where('id', '=', id).execute();
      await noteRemoved(database, modelVersionOfRow(found));
      await refreshModelSummary(database, found.model_id);
      return true;
    });
  }

  async exists(id: string): Promise<boolean> {
    const row = await this.#session.read('versions.exists', (database) =>
      database.selectFrom('model_versions').select('id').where('id', '=', id).executeTakeFirst(),
    );
    return row !== undefined;
  }

  async count(filter?: ModelVersionFilter): Promise<number> {
    const row = await this.#session.read('versions.count', (database) =>
      database
        .selectFrom('model_versions')
        .select((select) => select.fn.countAll<number | string>().as('count'))
        .where(conditionsOf(filter))
        .executeTakeFirstOrThrow(),
    );
    return Number(row.count);
  }
}

function conditionsOf(filter: ModelVersionFilter = {}): RawBuilder<SqlBool> {
  const { modelId, status, verdict, format, digest, tags } = filter;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (modelId !== undefined) conditions.push(sql`model_id = ${modelId}`);
  if (status !== undefined) conditions.push(sql`status = ${status}`);
  if (verdict !== undefined) conditions.push(sql`verdict = ${verdict}`);
  if (format !== undefined) conditions.push(sql`format = ${format}`);
  if (digest !== undefined) conditions.push(sql`digest = ${digest}`);
  if (tags !== undefined && Object.keys(tags).length > 0) {
    conditions.push(versionIsTagged(tags, { fewVersions: modelId !== undefined || digest !== undefined }));
  }
  return allOf(conditions);
}

function storedVersion(database: Kysely<RegistrySchema>, id: string): Promise<ModelVersionTable | undefined> {
  return database.selectFrom('model_versions').selectAll().where('id', '=', id).executeTakeFirst();
}

async function insertVersion(database: Kysely<RegistrySchema>, version: ModelVersion): Promise<void> {
  const removed = await database
    .selectFrom('removed_versions')
    .select('number')
    .where('model_name', '=', version.modelName)
    .where('number', '=', version.number)
    .executeTakeFirst();
  if (removed !== undefined) throw registryErrors.removed('versions.save', keyOf(version));
  const inserted = await database
    .insertInto('model_versions')
    .values(rowOfModelVersion(version, 1))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) throw registryErrors.taken('versions.save', keyOf(version));
}

async function updateVersion(database: Kysely<RegistrySchema>, version: ModelVersion): Promise<void> {
  const stored = await storedVersion(database, version.id);
  if (stored?.revision !== version.revision) throw registryErrors.stale('versions.save', version.id);
  assertSealed('model_versions', stored);
  const fields = changedContent(modelVersionOfRow(stored), version);
  if (fields.length > 0) throw registryErrors.immutable('versions.save', keyOf(version), fields);
  await database
    .updateTable('model_versions')
    .set(rowOfModelVersion(version, version.revision + 1))
    .where('id', '=', version.id)
    .execute();
}

async function noteRemoved(database: Kysely<RegistrySchema>, version: ModelVersion): Promise<void> {
  const { modelName: model_name, number } = version;
  await database
    .insertInto('removed_versions')
    .values(sealed('removed_versions', { model_name, number }))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function keyOf({ modelName, number }: ModelVersion): string {
  return `${modelName}:${number}`;
}
