import type {
  ManifestLedger,
  ReservationState,
  StoredManifest,
  UtcTimestamp,
  VersionReservation,
} from '@holdfast/domain';
import { type SqlBool, sql } from 'kysely';
import { registryErrors } from '../registry-errors.ts';
import type { VersionManifestTable, VersionReservationTable } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { chunksOf } from './chunks-of.ts';

/** Which manifests belong to a registry in an SQL database. */
export class SqlManifestLedger implements ManifestLedger {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  reserve({ versionId, name, number, state, leasedUntil }: VersionReservation): Promise<void> {
    return this.#session.write('manifests.reserve', async (database) => {
      const inserted = await database
        .insertInto('version_reservations')
        .values({ version_id: versionId, name, number, state, leased_until: leasedUntil })
        .onConflict((conflict) => conflict.doNothing())
        .returning('version_id')
        .executeTakeFirst();
      if (inserted === undefined) throw registryErrors.taken('manifests.reserve', versionId);
    });
  }

  findReservations(versionIds: readonly string[]): Promise<readonly VersionReservation[]> {
    return this.#session.read('manifests.findReservations', async (database) => {
      const found: VersionReservation[] = [];
      for (const chunk of chunksOf([...new Set(versionIds)].toSorted())) {
        const rows = await database
          .selectFrom('version_reservations')
          .selectAll()
          .where('version_id', 'in', chunk)
          .orderBy('version_id')
          .execute();
        found.push(...rows.map(reservationOfRow));
      }
      return found;
    });
  }

  async listReservations(state: ReservationState): Promise<readonly VersionReservation[]> {
    const rows = await this.#session.read('manifests.listReservations', (database) =>
      database
        .selectFrom('version_reservations')
        .selectAll()
        .where('state', '=', state)
        .orderBy('version_id')
        .execute(),
    );
    return rows.map(reservationOfRow);
  }

  changeState(versionId: string, from: ReservationState, to: ReservationState): Promise<boolean> {
    return this.#session.write('manifests.changeState', async (database) => {
      const { numUpdatedRows } = await database
        .updateTable('version_reservations')
        .set({ state: to })
        .where('version_id', '=', versionId)
        .where('state', '=', from)
        .executeTakeFirst();
      return Number(numUpdatedRows) > 0;
    });
  }

  condemnLapsed(now: UtcTimestamp): Promise<number> {
    return this.#session.write('manifests.condemnLapsed', async (database) => {
      const { numUpdatedRows } = await database
        .updateTable('version_reservations')
        .set({ state: 'condemned' })
        .where('state', '=', 'reserved')
        .where('leased_until', '<', now)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    });
  }

  findKnown(versionIds: readonly string[]): Promise<readonly string[]> {
    return this.#session.read('manifests.findKnown', async (database) => {
      const known: string[] = [];
      for (const chunk of chunksOf([...new Set(versionIds)].toSorted())) {
        const rows = await database
          .selectFrom('version_reservations')
          .select('version_id as id')
          .where('version_id', 'in', chunk)
          .union(database.selectFrom('model_versions').select('id').where('id', 'in', chunk))
          .orderBy('id')
          .execute();
        known.push(...rows.map(({ id }) => id));
      }
      return known;
    });
  }

  putStored(manifests: readonly StoredManifest[]): Promise<void> {
    return this.#session.write('manifests.putStored', async (database) => {
      const last = new Map(manifests.map((manifest) => [`${manifest.storeName}\n${manifest.key}`, manifest]));
      const rows = Array.from(last.values(), ({ storeName, key, versionId, etag }) => ({
        store_name: storeName,
        key,
        version_id: versionId,
        etag,
      }));
      for (const chunk of chunksOf(rows)) {
        await database
          .insertInto('version_manifests')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['store_name', 'key']).doUpdateSet((update) => ({
              version_id: update.ref('excluded.version_id'),
              etag: update.ref('excluded.etag'),
            })),
          )
          .execute();
      }
    });
  }

  findStored(storeName: string, keys: readonly string[]): Promise<readonly StoredManifest[]> {
    return this.#session.read('manifests.findStored', async (database) => {
      const found: StoredManifest[] = [];
      for (const chunk of chunksOf([...new Set(keys)].toSorted())) {
        const rows = await database
          .selectFrom('version_manifests')
          .selectAll()
          .where('store_name', '=', storeName)
          .where('key', 'in', chunk)
          .orderBy('key')
          .execute();
        found.push(...rows.map(manifestOfRow));
      }
      return found;
    });
  }

  async findStoredOf(versionId: string): Promise<readonly StoredManifest[]> {
    const rows = await this.#session.read('manifests.findStoredOf', (database) =>
      database
        .selectFrom('version_manifests')
        .selectAll()
        .where('version_id', '=', versionId)
        .orderBy('store_name')
        .orderBy('key')
        .execute(),
    );
    return rows.map(manifestOfRow);
  }

  deleteStored(storeName: string, key: string): Promise<void> {
    return this.#session.write('manifests.deleteStored', async (database) => {
      await database
        .deleteFrom('version_manifests')
        .where('store_name', '=', storeName)
        .where('key', '=', key)
        .execute();
    });
  }

  async listUnnamed(): Promise<readonly string[]> {
    const rows = await this.#session.read('manifests.listUnnamed', (database) =>
      database
        .selectFrom('model_versions')
        .select('id')
        .where(
          sql<SqlBool>`not exists (select 1 from version_manifests where version_manifests.version_id = model_versions.id)`,
        )
        .orderBy('id')
        .execute(),
    );
    return rows.map(({ id }) => id);
  }
}

function reservationOfRow(row: VersionReservationTable): VersionReservation {
  const { version_id: versionId, name, number, state, leased_until: leasedUntil } = row;
  return { versionId, name, number, state, leasedUntil };
}

function manifestOfRow(row: VersionManifestTable): StoredManifest {
  const { store_name: storeName, key, version_id: versionId, etag } = row;
  return { storeName, key, versionId, etag };
}
