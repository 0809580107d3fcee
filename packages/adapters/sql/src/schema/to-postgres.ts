/**
 * A statement of a schema in the words of PostgreSQL. One text makes both dialects, so that they cannot drift apart:
 * integers are of 64 bits, and texts are compared by their bytes.
 */
export function toPostgres(statement: string): string {
  return statement
    .replace(/\) strict(?:, without rowid)?$/, ')')
    .replaceAll(/\btext\b/g, 'text collate "C"')
    .replaceAll(/\binteger\b/g, 'bigint')
    .replaceAll(/\bblob\b/g, 'bytea');
}
