/**
 * A statement of a schema in the words of PostgreSQL. One text makes both dialects, so that they cannot drift apart:
 * integers are of 64 bits, and texts are compared by their bytes. A value can be longer than what an index may hold
 * (a third of a page, https://www.postgresql.org/docs/current/btree.html): there its beginning is indexed.
 */
export function toPostgres(statement: string): string {
  return statement
    .replace(/^create index .*$/, (index) => index.replace(/\bvalue\b(?=.*\))/, 'substr(value, 1, 256)'))
    .replace(/\) strict(?:, without rowid)?$/, ')')
    .replaceAll(/\btext\b/g, 'text collate "C"')
    .replaceAll(/\binteger\b/g, 'bigint')
    .replaceAll(/\breal\b/g, 'double precision')
    .replaceAll(/\bblob\b/g, 'bytea');
}
