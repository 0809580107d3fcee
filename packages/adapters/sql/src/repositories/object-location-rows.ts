import type { Digest, ObjectLocation } from '@holdfast/domain';
import type { ObjectLocationTable } from '../schema/registry-schema.ts';

/** A row as the place of an object. */
export function locationOfRow(row: ObjectLocationTable): ObjectLocation {
  return {
    digest: row.digest as Digest,
    storeName: row.store_name,
    key: row.key,
    sizeBytes: row.size_bytes,
    verifiedAt: row.verified_at,
    state: row.state,
  };
}
