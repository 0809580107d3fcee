import type { Digest, ObjectLocation } from '@holdfast/domain';
import type { ObjectLocationTable } from '../schema/registry-schema.ts';
import { sealed } from './sealed.ts';

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

/** The place of an object as a row. */
export function rowOfLocation(location: ObjectLocation): ObjectLocationTable {
  const { digest, storeName, key, sizeBytes, verifiedAt, state } = location;
  return sealed('object_locations', {
    digest,
    store_name: storeName,
    key,
    size_bytes: sizeBytes,
    verified_at: verifiedAt,
    state,
  });
}
