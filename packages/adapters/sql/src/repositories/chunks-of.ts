/** Values of one statement stay well below the 32,766 that SQLite and the 65,535 that PostgreSQL take. */
const rowsPerStatement = 1_000;

/** Splits a list into parts that fit one statement each. */
export function chunksOf<T>(items: readonly T[], size: number = rowsPerStatement): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
