import type { FieldType } from '@holdfast/domain';

/** What a migration knows of a kind of record: a copy of its descriptor as it was then, which never changes. */
export interface FrozenDescriptor {
  readonly kind: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly unique: readonly (readonly string[])[];
}

const columnTypes: Readonly<Record<FieldType, { readonly type: string; readonly zero: string }>> = {
  text: { type: 'text', zero: "''" },
  number: { type: 'real', zero: '0' },
  integer: { type: 'integer', zero: '0' },
};

/** The table of a kind of record. */
export function recordTable(kind: string): `record_${string}` {
  return `record_${kind}`;
}

/** The table of the series of a kind. */
export function seriesTable(kind: string): `series_${string}` {
  return `series_${kind}`;
}

/** The table of the points of a kind of series. */
export function pointsTable(kind: string): string {
  return `points_${kind}`;
}

/** The column of an indexed field: its prefix keeps it apart from words of SQL. */
export function fieldColumn(field: string): string {
  return `field_${snakeCase(field)}`;
}

/** The column of the rank of an indexed field: neither of the two is ever NULL. */
export function rankColumn(field: string): string {
  return `rank_${snakeCase(field)}`;
}

/** The statements that make the table of a kind, with an index for each field. What they make never changes. */
export function recordTableStatements({ kind, fields, unique }: FrozenDescriptor): readonly string[] {
  const table = recordTable(kind);
  const columns = Object.entries(fields).map(
    ([field, type]) =>
      `${rankColumn(field)} integer not null, ${fieldColumn(field)} ${columnTypes[type].type} not null`,
  );
  return [
    `create table ${table} (
      id text not null primary key,
      revision integer not null,
      created_at text not null,
      updated_at text not null,
      record text not null,
      checksum text not null,
      ${columns.join(', ')}
    ) strict`,
    `create index ${table}_by_created_at on ${table} (created_at, id)`,
    `create index ${table}_by_updated_at on ${table} (updated_at, id)`,
    ...Object.keys(fields).map((field) => indexStatement(kind, field)),
    ...unique.map((fieldsOfOne) => uniqueIndexStatement(kind, fieldsOfOne)),
  ];
}

/** The statements that add an indexed field to a kind, of which records that are stored have none yet. */
export function indexedFieldStatements(kind: string, field: string, type: FieldType): readonly string[] {
  const { type: columnType, zero } = columnTypes[type];
  return [
    `alter table ${recordTable(kind)} add column ${rankColumn(field)} integer not null default 4`,
    `alter table ${recordTable(kind)} add column ${fieldColumn(field)} ${columnType} not null default ${zero}`,
    indexStatement(kind, field),
  ];
}

/** The statements that make the tables of a kind of series. What they make never changes. */
export function seriesTableStatements(kind: string): readonly string[] {
  const ranked = ['last', 'least', 'greatest'];
  const ranks = ranked.map((name) => `${name}_rank integer not null, ${name}_value real not null`);
  return [
    `create table series_${kind} (
      series integer not null primary key,
      owner text not null,
      key text not null,
      count integer not null,
      next_position integer not null,
      points_hash integer not null,
      last_step integer not null,
      last_at_ms integer not null,
      ${ranks.join(', ')},
      checksum text not null,
      unique (owner, key)
    ) strict`,
    ...ranked.map(
      (name) =>
        `create index series_${kind}_by_${name} on series_${kind} (key, ${name}_rank, ${name}_value, owner)`,
    ),
    `create table points_${kind} (
      series integer not null,
      step integer not null,
      position integer not null,
      at_ms integer not null,
      rank integer not null,
      value real not null,
      primary key (series, step, position)
    ) strict, without rowid`,
  ];
}

function indexStatement(kind: string, field: string): string {
  const table = recordTable(kind);
  return `create index ${table}_by_${snakeCase(field)} on ${table} (${rankColumn(field)}, ${fieldColumn(field)}, id)`;
}

/** What a record has none of, it shares with no other. */
function uniqueIndexStatement(kind: string, fields: readonly string[]): string {
  const table = recordTable(kind);
  const columns = fields.flatMap((field) => [rankColumn(field), fieldColumn(field)]);
  const isPresent = fields.map((field) => `${rankColumn(field)} <> 4`).join(' and ');
  return `create unique index ${table}_unique_${fields.map(snakeCase).join('_')} on ${table} (${columns.join(', ')}) where ${isPresent}`;
}

/** As columns are named. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
