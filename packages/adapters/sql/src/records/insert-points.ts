import { CompiledQuery, type Kysely, sql } from 'kysely';
import { pointsTable } from '../schema/record-tables.ts';
import type { RegistrySchema } from '../schema/registry-schema.ts';
import type { PointRow } from './series-rows.ts';

/** Few sizes, so that few statements are prepared and each is used again. */
const rowsPerStatement = [1_000, 100, 10, 1] as const;

const columns = ['series', 'step', 'position', 'at_ms', 'rank', 'value'] as const;

/** Writes points. Their statements are texts made once: building a query for a million values takes longer than writing them. */
export async function insertPoints(
  database: Kysely<RegistrySchema>,
  kind: string,
  points: readonly PointRow[],
): Promise<void> {
  const isNumbered = sql`${0}`.compile(database).sql !== '?';
  let start = 0;
  for (const size of rowsPerStatement) {
    for (; points.length - start >= size; start += size) {
      const values: number[] = [];
      for (const row of points.slice(start, start + size))
        values.push(row.series, row.step, row.position, row.at_ms, row.rank, row.value);
      await database.executeQuery(CompiledQuery.raw(statementOf(kind, size, isNumbered), values));
    }
  }
}

const statements = new Map<string, string>();

function statementOf(kind: string, rowCount: number, isNumbered: boolean): string {
  const key = `${kind} ${rowCount} ${isNumbered}`;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const place = (index: number): string => (isNumbered ? `$${index + 1}` : '?');
  const rows = Array.from({ length: rowCount }, (_row, row) => {
    const places = columns.map((_column, column) => place(row * columns.length + column));
    return `(${places.join(', ')})`;
  });
  const text = `insert into ${pointsTable(kind)} (${columns.join(', ')}) values ${rows.join(', ')}`;
  statements.set(key, text);
  return text;
}
