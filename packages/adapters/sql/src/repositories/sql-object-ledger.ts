import {
  type CondemnOptions,
  type Condemnation,
  type Digest,
  type Lease,
  type LocationQuery,
  type LocationTotals,
  type ObjectLedger,
  type ObjectLocation,
  type Page,
  type ReferenceOwner,
  type StoreRetirement,
  type UnreferencedObject,
  type UtcTimestamp,
  parseReferenceOwner,
} from '@holdfast/domain';
import { type Kysely, type SqlBool, sql } from 'kysely';
import { deleteReferences, insertReferences, readReferences } from '../records/record-references.ts';
import { registryErrors } from '../registry-errors.ts';
import type { CondemnedObjectTable, RegistrySchema } from '../schema/registry-schema.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { chunksOf } from './chunks-of.ts';
import { condemnUnneeded } from './condemn-unneeded.ts';
import { condemnationOfRow, printStoreNames } from './condemnation-rows.ts';
import { findUnreferenced } from './find-unreferenced.ts';
import { locationConditions } from './location-conditions.ts';
import { noteVerified } from './note-verified.ts';
import { locationOfRow, rowOfLocation } from './object-location-rows.ts';
import { readPage } from './read-page.ts';

/** Which digests are needed and where they lie, in an SQL database. */
export class SqlObjectLedger implements ObjectLedger {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  putLease(lease: Lease): Promise<void> {
    return this.#session.write('objects.putLease', async (database) => {
      const { id, digest, expiresAt: expires_at } = lease;
      const condemned = await database
        .selectFrom('condemned_objects')
        .select('digest')
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (condemned !== undefined) throw registryErrors.condemned('objects.putLease', digest);
      await database
        .insertInto('leases')
        .values({ id, digest, expires_at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ digest, expires_at }))
        .execute();
    });
  }

  async findLease(id: string): Promise<Lease | undefined> {
    const row = await this.#session.read('objects.findLease', (database) =>
      database.selectFrom('leases').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row === undefined
      ? undefined
      : { id: row.id, digest: row.digest as Digest, expiresAt: row.expires_at };
  }

  deleteLeases(ids: readonly string[]): Promise<void> {
    return this.#session.write('objects.deleteLeases', async (database) => {
      for (const chunk of chunksOf(ids))
        await database.deleteFrom('leases').where('id', 'in', chunk).execute();
    });
  }

  deleteLapsedLeases(now: UtcTimestamp): Promise<number> {
    return this.#session.write('objects.deleteLapsedLeases', async (database) => {
      const { numDeletedRows } = await database
        .deleteFrom('leases')
        .where('expires_at', '<', now)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    });
  }

  addReferences(owner: ReferenceOwner, digests: readonly Digest[]): Promise<void> {
    return this.#session.write('objects.addReferences', (database) =>
      insertReferences(database, [{ owner, digests }]),
    );
  }

  deleteReferences(owner: ReferenceOwner): Promise<void> {
    return this.#session.write('objects.deleteReferences', (database) => deleteReferences(database, owner));
  }

  findReferences(owner: ReferenceOwner): Promise<readonly Digest[]> {
    return this.#session.read('objects.findReferences', (database) => readReferences(database, owner));
  }

  findUnreferenced(digests: readonly Digest[]): Promise<readonly UnreferencedObject[]> {
    return this.#session.read('objects.findUnreferenced', (database) => findUnreferenced(database, digests));
  }

  async findOwners(digest: Digest): Promise<readonly ReferenceOwner[]> {
    const rows = await this.#session.read('objects.findOwners', (database) =>
      database
        .selectFrom('object_references')
        .select('owner')
        .where('digest', '=', digest)
        .orderBy('owner')
        .execute(),
    );
    return rows.map((row) => parseReferenceOwner(row.owner));
  }

  putLocation(location: ObjectLocation): Promise<void> {
    const row = rowOfLocation(location);
    return this.#session.write('objects.putLocation', async (database) => {
      await database
        .insertInto('object_locations')
        .values(row)
        .onConflict((conflict) => conflict.columns(['digest', 'store_name']).doUpdateSet(row))
        .execute();
    });
  }

  async findLocations(digest: Digest): Promise<readonly ObjectLocation[]> {
    const rows = await this.#session.read('objects.findLocations', (database) =>
      database
        .selectFrom('object_locations')
        .selectAll()
        .where('digest', '=', digest)
        .orderBy('store_name')
        .execute(),
    );
    return rows.map(locationOfRow);
  }

  listLocations(query: LocationQuery = {}): Promise<Page<ObjectLocation>> {
    const { limit, after } = query;
    const operation = 'objects.listLocations';
    return this.#session.read(operation, (database) => {
      const selected = database.selectFrom('object_locations').selectAll();
      return readPage(selected.where(locationConditions(query)), {
        operation,
        limit,
        after,
        order: { columns: ['digest', 'store_name'], direction: 'ascending' },
        valuesOf: (row) => [row.digest, row.store_name],
        itemOf: locationOfRow,
      });
    });
  }

  measureLocations(query: LocationQuery = {}): Promise<LocationTotals> {
    return this.#session.read('objects.measureLocations', (database) =>
      database
        .selectFrom('object_locations')
        .select((select) => [
          select.fn.countAll<number>().as('count'),
          // A sum of 64-bit integers can be more than a number holds exactly.
          sql<number>`coalesce(sum(cast(size_bytes as double precision)), 0)`.as('sizeBytes'),
        ])
        .where(locationConditions(query))
        .executeTakeFirstOrThrow(),
    );
  }

  listUnlocated({ limit, after }: LocationQuery = {}): Promise<Page<Digest>> {
    const operation = 'objects.listUnlocated';
    return this.#session.read(operation, (database) => {
      const selected = database
        .selectFrom('object_references')
        .select('digest')
        .distinct()
        .where(
          sql<SqlBool>`not exists (select 1 from object_locations where object_locations.digest = object_references.digest)`,
        );
      return readPage(selected, {
        operation,
        limit,
        after,
        order: { columns: ['digest'], direction: 'ascending' },
        valuesOf: (row) => [row.digest],
        itemOf: (row) => row.digest as Digest,
      });
    });
  }

  noteVerified(seen: readonly ObjectLocation[], verifiedAt: UtcTimestamp): Promise<void> {
    return this.#session.write('objects.noteVerified', (database) =>
      noteVerified(database, seen, verifiedAt),
    );
  }

  deleteLocation(digest: Digest, storeName: string): Promise<void> {
    return this.#session.write('objects.deleteLocation', async (database) => {
      await database
        .deleteFrom('object_locations')
        .where('digest', '=', digest)
        .where('store_name', '=', storeName)
        .execute();
    });
  }

  putRetirement({ storeName, state, since }: StoreRetirement): Promise<void> {
    return this.#session.write('objects.putRetirement', async (database) => {
      await database
        .insertInto('store_retirements')
        .values({ store_name: storeName, state, since })
        .onConflict((conflict) => conflict.column('store_name').doUpdateSet({ state, since }))
        .execute();
    });
  }

  async listRetirements(): Promise<readonly StoreRetirement[]> {
    const rows = await this.#session.read('objects.listRetirements', (database) =>
      database.selectFrom('store_retirements').selectAll().orderBy('store_name').execute(),
    );
    return rows.map(({ store_name: storeName, state, since }) => ({ storeName, state, since }));
  }

  deleteRetirement(storeName: string): Promise<void> {
    return this.#session.write('objects.deleteRetirement', async (database) => {
      await database.deleteFrom('store_retirements').where('store_name', '=', storeName).execute();
    });
  }

  condemn(digests: readonly Digest[], options: CondemnOptions): Promise<readonly Digest[]> {
    return this.#session.write('objects.condemn', (database) => condemnUnneeded(database, digests, options));
  }

  takeOver(digest: Digest, options: Omit<CondemnOptions, 'now'>): Promise<Condemnation | undefined> {
    return this.#session.write('objects.takeOver', async (database) => {
      const found = await findCondemned(database, digest);
      if (found === undefined) return undefined;
      const store_names = printStoreNames([...condemnationOfRow(found).storeNames, ...options.storeNames]);
      const taken = { owner: options.by, store_names };
      await database.updateTable('condemned_objects').set(taken).where('digest', '=', digest).execute();
      return condemnationOfRow({ digest, ...taken });
    });
  }

  async findCondemnation(digest: Digest): Promise<Condemnation | undefined> {
    const row = await this.#session.read('objects.findCondemnation', (database) =>
      findCondemned(database, digest),
    );
    return row === undefined ? undefined : condemnationOfRow(row);
  }

  async listCondemned(): Promise<readonly Condemnation[]> {
    const rows = await this.#session.read('objects.listCondemned', (database) =>
      database.selectFrom('condemned_objects').selectAll().orderBy('digest').execute(),
    );
    return rows.map(condemnationOfRow);
  }

  absolve(digests: readonly Digest[], by: string): Promise<readonly Digest[]> {
    return this.#session.write('objects.absolve', async (database) => {
      const absolved: Digest[] = [];
      for (const chunk of chunksOf(digests)) {
        const rows = await database
          .deleteFrom('condemned_objects')
          .where('digest', 'in', chunk)
          .where('owner', '=', by)
          .returning('digest')
          .execute();
        absolved.push(...rows.map((row) => row.digest as Digest));
      }
      return absolved;
    });
  }
}

function findCondemned(
  database: Kysely<RegistrySchema>,
  digest: Digest,
): Promise<CondemnedObjectTable | undefined> {
  return database.selectFrom('condemned_objects').selectAll().where('digest', '=', digest).executeTakeFirst();
}
