/** A table whose rows have a checksum. */
export type SealedTable =
  | 'models'
  | 'model_versions'
  | 'number_counters'
  | 'removed_versions'
  | 'aliases'
  | 'alias_moves'
  | 'object_references'
  | 'object_locations';

interface SealedColumns {
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
export const sealedColumns: Readonly<Record<SealedTable, SealedColumns>> = {
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
  object_references: { key: ['version_id', 'digest'], others: [] },
  object_locations: { key: ['digest', 'store_name'], others: ['key', 'size_bytes', 'verified_at', 'state'] },
};

/** Every table whose rows have a checksum. */
export const sealedTables: readonly SealedTable[] = Object.keys(sealedColumns) as SealedTable[];
