import type { PostgresConnection } from './postgres-connection.ts';

/** The columns, indexes and constraints of a schema: name to definition, without the name of the schema. */
export async function describePostgresSchema(
  connection: PostgresConnection,
  schema: string,
): Promise<ReadonlyMap<string, string>> {
  const [answer] = await connection.run(`
    select c.relname || '.' || a.attname as name,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation, a.attstorage) as definition
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = '${schema}' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    union all
    select c.relname, replace(pg_get_indexdef(i.indexrelid), n.nspname || '.', '')
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = '${schema}'
    union all
    select r.relname || ' ' || o.conname, replace(pg_get_constraintdef(o.oid), n.nspname || '.', '')
    from pg_constraint o join pg_class r on r.oid = o.conrelid join pg_namespace n on n.oid = o.connamespace
    where n.nspname = '${schema}'
  `);
  return new Map((answer?.rows ?? []).map((row) => [String(row['name']), String(row['definition'])]));
}
