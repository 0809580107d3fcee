import type { NextGeneration, PendingDeletion, RegistryFence, RegistryGeneration } from '@holdfast/domain';
import type { Kysely } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';

type Database = Kysely<RegistrySchema>;

/** The registry's own id stands for its first generation; the place of the current one is a note beside it. */
const [idKey, placeKey] = ['registry_id', 'registry_place'] as const;

/** Generations and deletions of a registry in an SQL database. */
export class SqlRegistryFence implements RegistryFence {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  current(): Promise<RegistryGeneration> {
    return this.#session.read('fence.current', async (database) => {
      const row = await database
        .selectFrom('meta')
        .select((select) => [
          'meta.value as registryId',
          select
            .selectFrom('registry_generations')
            .select('id')
            .orderBy('position', 'desc')
            .limit(1)
            .as('generation'),
          select.selectFrom('meta as note').select('value').where('key', '=', placeKey).as('place'),
        ])
        .where('meta.key', '=', idKey)
        .executeTakeFirstOrThrow();
      return { id: row.generation ?? row.registryId, place: row.place ?? undefined };
    });
  }

  take({ id, place, ancestors = [] }: NextGeneration): Promise<void> {
    return this.#session.write('fence.take', async (database) => {
      const known = new Set(await generationsOf(database));
      await database.deleteFrom('registry_generations').where('id', '=', id).execute();
      const added = new Set(ancestors.filter((one) => one !== id && !known.has(one)));
      for (const generation of [...added, id]) await appendGeneration(database, generation);
      await database
        .insertInto('meta')
        .values({ key: placeKey, value: place })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: place }))
        .execute();
    });
  }

  async isAncestor(id: string): Promise<boolean> {
    const generations = await this.listGenerations();
    return generations.indexOf(id) !== -1 && generations.at(-1) !== id;
  }

  listGenerations(): Promise<readonly string[]> {
    return this.#session.read('fence.listGenerations', async (database) => {
      const { value } = await database
        .selectFrom('meta')
        .select('value')
        .where('key', '=', idKey)
        .executeTakeFirstOrThrow();
      const generations = await generationsOf(database);
      return generations.includes(value) ? generations : [value, ...generations];
    });
  }

  addDeletion({ id, startedAt: started_at }: Omit<PendingDeletion, 'isClosed'>): Promise<void> {
    return this.#session.write('fence.addDeletion', async (database) => {
      await database.insertInto('deletions').values({ id, started_at, is_closed: 0 }).execute();
    });
  }

  async listDeletions(): Promise<readonly PendingDeletion[]> {
    const rows = await this.#session.read('fence.listDeletions', (database) =>
      database.selectFrom('deletions').selectAll().orderBy('id').execute(),
    );
    return rows.map(({ id, started_at: startedAt, is_closed: isClosed }) => ({
      id,
      startedAt,
      isClosed: isClosed === 1,
    }));
  }

  closeDeletion(id: string): Promise<boolean> {
    return this.#session.write('fence.closeDeletion', async (database) => {
      const owned = await database
        .selectFrom('condemned_objects')
        .select('digest')
        .where('owner', '=', id)
        .limit(1)
        .executeTakeFirst();
      if (owned !== undefined) return false;
      await database.updateTable('deletions').set({ is_closed: 1 }).where('id', '=', id).execute();
      return true;
    });
  }

  forgetDeletion(id: string): Promise<void> {
    return this.#session.write('fence.forgetDeletion', async (database) => {
      await database.deleteFrom('deletions').where('id', '=', id).execute();
    });
  }
}

async function generationsOf(database: Database): Promise<readonly string[]> {
  const rows = await database.selectFrom('registry_generations').select('id').orderBy('position').execute();
  return rows.map(({ id }) => id);
}

async function appendGeneration(database: Database, id: string): Promise<void> {
  const last = await database
    .selectFrom('registry_generations')
    .select('position')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  await database
    .insertInto('registry_generations')
    .values({ position: (last?.position ?? 0) + 1, id })
    .execute();
}
