import { type Kysely, sql } from 'kysely';
import type { RegistrySchema } from '../schema/registry-schema.ts';

/**
 * Which database of which history of which server: the server's system identifier, its timeline, which is another one
 * after a restore or a promotion, and the database's oid. What a server does not let its users see is left out.
 */
export async function placeOfPostgres(database: Kysely<RegistrySchema>): Promise<string> {
  const { rows } = await sql<{ readonly place: string }>`
    select concat_ws(':',
      case when has_function_privilege('pg_control_system()', 'execute')
        then (select system_identifier::text from pg_control_system()) end,
      case when not pg_is_in_recovery() and has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')
        then substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end,
      (select oid::text from pg_database where datname = current_database())
    ) as place`.execute(database);
  return rows[0]?.place ?? '';
}
