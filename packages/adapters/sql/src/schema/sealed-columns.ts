/** A table whose rows have a checksum. */
export type SealedTable = FixedTable | `record_${string}` | `series_${string}`;

/** The tables that are not of a kind of record. */
export type FixedTable =
  | 'models'
  | 'model_versions'
  | 'number_counters'
  | 'removed_versions'
  | 'aliases'
  | 'alias_moves'
  | 'object_references'
  | 'object_locations';

export interface SealedColumns {
  /** Which columns identify a row. */
  readonly key: readonly string[];
  readonly others: readonly string[];
}

/**
 * The tables whose rows have a checksum, with the columns that it is of. What can be made of other rows has none
 * (`models.summary`, the tables of tags), nor have rows of the moment (leases, marks for deletion, reservations, stores that retire), nor
 * what stores know as well (their manifests).
 *
 * Stored checksums are of these columns in this order: a column is added by a migration that seals every row again.
 */
const fixedColumns: Readonly<Record<FixedTable, SealedColumns>> = {
  models: { key: ['id'], others: ['name', 'revision', 'created_at', 'updated_at', 'document'] },
  model_versions: {
    key: ['id'],
    others: [
      'model_id',
      'number',
      'status',
      'verdict',
      'format',
      'digest',
      'revision',
      'created_at',
      'updated_at',
      'document',
    ],
  },
  number_counters: { key: ['name'], others: ['last'] },
  removed_versions: { key: ['model_name', 'number'], others: [] },
  aliases: { key: ['model_id', 'name'], others: ['number', 'revision', 'updated_at'] },
  alias_moves: {
    key: ['model_id', 'name', 'revision'],
    others: ['from_number', 'to_number', 'at', 'by_actor'],
  },
  object_references: { key: ['owner', 'digest'], others: [] },
  object_locations: { key: ['digest', 'store_name'], others: ['key', 'size_bytes', 'verified_at', 'state'] },
};

/** Columns of indexed fields are made of the record; they are compared with it instead. */
const columnsOfRecords: SealedColumns = {
  key: ['id'],
  others: ['revision', 'created_at', 'updated_at', 'record'],
};

/** The points have no checksums of their own: `points_hash` is of all of them. */
const columnsOfSeries: SealedColumns = {
  key: ['series'],
  others: [
    'owner',
    'key',
    'count',
    'next_position',
    'points_hash',
    'last_step',
    'last_at_ms',
    ...['last', 'least', 'greatest'].flatMap((name) => [`${name}_rank`, `${name}_value`]),
  ],
};

/** The columns of a table that its checksums are of. */
export function sealedColumns(table: SealedTable): SealedColumns {
  if (table in fixedColumns) return fixedColumns[table as FixedTable];
  return table.startsWith('record_') ? columnsOfRecords : columnsOfSeries;
}

/** Every table whose rows have a checksum, but for those of kinds of records. */
export const sealedTables: readonly FixedTable[] = Object.keys(fixedColumns) as FixedTable[];
