import type { Alias, AliasChange, AliasMove, AliasRepository } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { AliasTable, RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { moveOfRow } from './alias-move-rows.ts';
import { refreshModelSummary } from './refresh-model-summary.ts';
import { assertSealed, sealed } from './sealed.ts';

/** The aliases of all models in an SQL database. */
export class SqlAliasRepository implements AliasRepository {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  async find(modelId: string, name: string): Promise<Alias | undefined> {
    const row = await this.#session.read('aliases.find', (database) => storedAlias(database, modelId, name));
    return row === undefined ? undefined : aliasOfRow(row);
  }

  async findByModel(modelId: string): Promise<readonly Alias[]> {
    const rows = await this.#session.read('aliases.findByModel', (database) =>
      database.selectFrom('aliases').selectAll().where('model_id', '=', modelId).orderBy('name').execute(),
    );
    return rows.flatMap((row) => aliasOfRow(row) ?? []);
  }

  async findByVersion(modelId: string, number: number): Promise<readonly Alias[]> {
    const rows = await this.#session.read('aliases.findByVersion', (database) =>
      database
        .selectFrom('aliases')
        .selectAll()
        .where('model_id', '=', modelId)
        .where('number', '=', number)
        .orderBy('name')
        .execute(),
    );
    return rows.flatMap((row) => aliasOfRow(row) ?? []);
  }

  move(change: AliasChange): Promise<Alias | undefined> {
    const { modelId, name, expectedRevision } = change;
    return this.#session.write('aliases.move', async (database) => {
      const stored = await storedAlias(database, modelId, name);
      assertSealed('aliases', stored);
      const from = stored?.number ?? undefined;
      const revision = from === undefined ? 0 : (stored?.revision ?? 0);
      if (revision !== expectedRevision) throw registryErrors.stale('aliases.move', name);
      if (from === undefined && change.to === undefined) return undefined;
      const moved: AliasTable = sealed('aliases', {
        model_id: modelId,
        name,
        number: change.to ?? null,
        revision: (stored?.revision ?? 0) + 1,
        updated_at: change.now,
      });
      await writeMove(database, moved, { from: from ?? null, by: change.by ?? null });
      await refreshModelSummary(database, modelId);
      return aliasOfRow(moved);
    });
  }

  async findHistory(modelId: string, name: string): Promise<readonly AliasMove[]> {
    const rows = await this.#session.read('aliases.findHistory', (database) =>
      database
        .selectFrom('alias_moves')
        .selectAll()
        .where('model_id', '=', modelId)
        .where('name', '=', name)
        .orderBy('revision')
        .execute(),
    );
    return rows.map((row) => ({ modelId, name, ...moveOfRow(row) }));
  }
}

function storedAlias(
  database: Kysely<RegistrySchema>,
  modelId: string,
  name: string,
): Promise<AliasTable | undefined> {
  return database
    .selectFrom('aliases')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('name', '=', name)
    .executeTakeFirst();
}

async function writeMove(
  database: Kysely<RegistrySchema>,
  moved: AliasTable,
  { from, by }: { readonly from: number | null; readonly by: string | null },
): Promise<void> {
  await database
    .insertInto('aliases')
    .values(moved)
    .onConflict((conflict) => conflict.columns(['model_id', 'name']).doUpdateSet(moved))
    .execute();
  const { model_id, name, revision, number, updated_at } = moved;
  await database
    .insertInto('alias_moves')
    .values(
      sealed('alias_moves', {
        model_id,
        name,
        revision,
        from_number: from,
        to_number: number,
        at: updated_at,
        by_actor: by,
      }),
    )
    .execute();
}

function aliasOfRow(row: AliasTable): Alias | undefined {
  if (row.number === null) return undefined;
  return {
    modelId: row.model_id,
    name: row.name,
    number: row.number,
    revision: row.revision,
    updatedAt: row.updated_at,
  };
}
