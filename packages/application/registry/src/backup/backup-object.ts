import {
  type Digest,
  type NeededObject,
  type ObjectLocation,
  compareKeys,
  parseDigest,
  parseObjectKey,
} from '@holdfast/domain';
import type { Unchecked } from '../unchecked.ts';
import { damagedBackup } from './backup-error.ts';

type Place = Omit<ObjectLocation, 'digest' | 'sizeBytes'>;

/** A line of `objects.jsonl`: an object that a version needs. */
export interface BackupObject {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Where it lay. */
  readonly locations: readonly Place[];
  /** Why its bytes are not in the backup, though they were wanted. */
  readonly damage?: string;
}

/** What is written of a needed object. */
export function backupObjectOf({ digest, locations }: NeededObject): BackupObject {
  return {
    digest,
    sizeBytes: locations[0]?.sizeBytes ?? 0,
    locations: locations.map(({ storeName, key, verifiedAt, state }) => ({
      storeName,
      key,
      verifiedAt,
      state,
    })),
    ...(locations.length === 0 ? { damage: 'no location of it is known' } : {}),
  };
}

/**
 * Reads the lines of `objects.jsonl`, which are sorted by digest.
 *
 * @throws StorageError `corrupt` when one is not as it was written.
 */
export async function* parseBackupObjects(lines: AsyncIterable<unknown>): AsyncIterable<BackupObject> {
  let before = '';
  for await (const line of lines) {
    const object = parseObject(line);
    if (object === undefined || compareKeys(before, object.digest) >= 0)
      throw damagedBackup('its list of objects is not one that holdfast wrote');
    before = object.digest;
    yield object;
  }
}

function parseObject(value: unknown): BackupObject | undefined {
  const { digest, sizeBytes, locations, damage } = (value ?? {}) as Unchecked<BackupObject>;
  if (!Number.isSafeInteger(sizeBytes) || (sizeBytes as number) < 0 || !Array.isArray(locations))
    return undefined;
  try {
    return {
      digest: parseDigest(String(digest)),
      sizeBytes: sizeBytes as number,
      locations: (locations as readonly Unchecked<Place>[]).map(parseLocation),
      ...(typeof damage === 'string' ? { damage } : {}),
    };
  } catch {
    return undefined;
  }
}

function parseLocation(location: Unchecked<Place>): Place {
  const { storeName, key, verifiedAt, state } = location;
  return {
    storeName: String(storeName),
    key: parseObjectKey(String(key)),
    verifiedAt: String(verifiedAt),
    state: state === 'corrupt' ? 'corrupt' : 'verified',
  };
}
