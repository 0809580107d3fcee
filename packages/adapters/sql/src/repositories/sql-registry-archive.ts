import type {
  ArchiveQuery,
  Digest,
  ModelVersion,
  NeededObject,
  Page,
  RegistryArchive,
  RegistryRecord,
  RegistryRecordKind,
  UtcTimestamp,
} from '@holdfast/domain';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { hasRecords } from '../records/archive-records.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { archivePages } from './archive-pages.ts';
import { insertArchived } from './insert-archived.ts';
import { rowOfModelVersion } from './model-version-rows.ts';
import { locationOfRow } from './object-location-rows.ts';
import { readPage } from './read-page.ts';
import { refreshModelSummary } from './refresh-model-summary.ts';
import { replaceVersionTags } from './replace-version-tags.ts';

/** A whole registry in an SQL database, in and out. */
export class SqlRegistryArchive implements RegistryArchive {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  list(kind: RegistryRecordKind, query: ArchiveQuery = {}): Promise<Page<RegistryRecord>> {
    const operation = 'archive.list';
    return this.#session.read(operation, (database) => archivePages[kind](database, { ...query, operation }));
  }

  listNeeded(query: ArchiveQuery = {}): Promise<Page<NeededObject>> {
    const operation = 'archive.listNeeded';
    return this.#session.read(operation, async (database) => {
      const page = await readPage(database.selectFrom('object_references').select('digest').distinct(), {
        operation,
        ...query,
        order: { columns: ['digest'], direction: 'ascending' },
        valuesOf: (row) => [row.digest],
        itemOf: (row) => row.digest,
      });
      const [first, last] = [page.items[0], page.items.at(-1)];
      if (first === undefined || last === undefined) return { items: [] };
      const rows = await database
        .selectFrom('object_locations')
        .selectAll()
        .where('digest', '>=', first)
        .where('digest', '<=', last)
        .orderBy('digest')
        .orderBy('store_name')
        .execute();
      const locations = Map.groupBy(rows, (row) => row.digest);
      const items = page.items.map((digest) => ({
        digest: digest as Digest,
        locations: (locations.get(digest) ?? []).map(locationOfRow),
      }));
      return { ...page, items };
    });
  }

  isEmpty(): Promise<boolean> {
    return this.#session.read('archive.isEmpty', async (database) => {
      const model = await database.selectFrom('models').select('id').limit(1).executeTakeFirst();
      const version = await database.selectFrom('model_versions').select('id').limit(1).executeTakeFirst();
      const needed = await database
        .selectFrom('object_references')
        .select('digest')
        .limit(1)
        .executeTakeFirst();
      if ([model, version, needed].some((row) => row !== undefined)) return false;
      return !(await hasRecords(database));
    });
  }

  insert(records: readonly RegistryRecord[]): Promise<void> {
    return this.#session.write('archive.insert', (database) => insertArchived(database, records));
  }

  mendVersion(version: ModelVersion, proof: 'checksum' | 'manifest'): Promise<boolean> {
    return this.#session.write('archive.mendVersion', async (database) => {
      const { id } = version;
      const stored = await database
        .selectFrom('model_versions')
        .select('checksum')
        .where('id', '=', id)
        .executeTakeFirst();
      const row = rowOfModelVersion(version, version.revision);
      if (stored === undefined || (proof === 'checksum' && stored.checksum !== row.checksum)) return false;
      await database.updateTable('model_versions').set(row).where('id', '=', id).execute();
      await replaceVersionTags(database, id, version.tags);
      await refreshModelSummary(database, version.modelId);
      return true;
    });
  }

  adoptId(registryId: string): Promise<void> {
    return this.#session.write('archive.adoptId', async (database) => {
      await database
        .updateTable('meta')
        .set({ value: registryId })
        .where('key', '=', 'registry_id')
        .executeTakeFirstOrThrow();
    });
  }

  holdNeeded(holder: string, expiresAt: UtcTimestamp): Promise<void> {
    return this.#session.write('archive.holdNeeded', async (database) => {
      const prefix = `${holder}:`;
      await sql`
        insert into leases (id, digest, expires_at)
        select ${prefix} || needed.digest, needed.digest, ${expiresAt}
        from (select distinct digest from object_references) as needed
        where not exists (select 1 from leases where leases.id = ${prefix} || needed.digest)
      `.execute(database);
    });
  }

  renewHold(holder: string, expiresAt: UtcTimestamp): Promise<void> {
    return this.#session.write('archive.renewHold', async (database) => {
      await database.updateTable('leases').set({ expires_at: expiresAt }).where(isHeldBy(holder)).execute();
    });
  }

  async countHold(holder: string): Promise<number> {
    const { count } = await this.#session.read('archive.countHold', (database) =>
      database
        .selectFrom('leases')
        .select((select) => select.fn.countAll<number | string>().as('count'))
        .where(isHeldBy(holder))
        .executeTakeFirstOrThrow(),
    );
    return Number(count);
  }

  endHold(holder: string): Promise<void> {
    return this.#session.write('archive.endHold', async (database) => {
      await database.deleteFrom('leases').where(isHeldBy(holder)).execute();
    });
  }
}

/** A range and no pattern: patterns of SQLite know no case, and a holder may have their wildcards. `;` follows `:`. */
function isHeldBy(holder: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`leases.id >= ${`${holder}:`} and leases.id < ${`${holder};`}`;
}
