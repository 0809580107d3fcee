import {
  ArtifactKind,
  type Digest,
  InvalidValueError,
  type ModelVersion,
  type ObjectLocation,
  utcTimestamp,
  contentKey,
} from '@holdfast/domain';
import { type Cancellable, type ObjectInfo, StorageError } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import { loadTree } from '../load-tree.ts';

/** What a version needs, as far as its store says. */
export interface VersionObjects {
  /** Where each of them lies, or should. */
  readonly locations: readonly ObjectLocation[];
  /** Those of which the store has no bytes of the right length, the manifest left out. */
  readonly missing: readonly Digest[];
  /** Whether nothing of the version is left but its manifest. */
  readonly isGone: boolean;
  /** Why the files of a folder are not known. */
  readonly treeProblem?: string;
}

interface ExpectedObject {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface VersionObjectsOptions extends Cancellable {
  readonly storage: StorageService;
  readonly storeName: string;
  /** The manifest, where it is an object under its digest. */
  readonly manifest?: ExpectedObject | undefined;
}

/** Looks for everything that a version needs. Bytes are not hashed, but for the list of a folder's files. */
export async function findVersionObjects(
  version: ModelVersion,
  options: VersionObjectsOptions,
): Promise<VersionObjects> {
  const { storage: own } = version;
  const first: ExpectedObject = { digest: own.checksum, sizeBytes: own.sizeBytes };
  const tree = version.artifactKind === ArtifactKind.Tree ? await readTree(version, options) : { files: [] };
  const list = version.inspectionList === undefined ? [] : [version.inspectionList];
  const expected = new Map([first, ...tree.files, ...list].map((object) => [object.digest, object]));
  const locations: ObjectLocation[] = [];
  const missing: Digest[] = [];
  for (const object of expected.values()) {
    const location = await locateObject(object, options);
    locations.push(location);
    if (location.state === 'corrupt') missing.push(object.digest);
  }
  const isGone = missing.length === expected.size || missing.includes(first.digest);
  if (options.manifest !== undefined) locations.push(await locateObject(options.manifest, options));
  const { problem } = tree;
  return { locations, missing, isGone, ...(problem === undefined ? {} : { treeProblem: problem }) };
}

async function readTree(
  version: ModelVersion,
  { storage, signal }: VersionObjectsOptions,
): Promise<{ readonly files: readonly ExpectedObject[]; readonly problem?: string }> {
  try {
    return { files: (await loadTree(storage, version.storage, { signal })).entries };
  } catch (error) {
    const codes = ['not-found', 'corrupt', 'checksum-mismatch', 'size-mismatch'];
    const isDamage = StorageError.isInstance(error) && codes.includes(error.code);
    if (!isDamage && !InvalidValueError.isInstance(error)) throw error;
    return { files: [], problem: error.message };
  }
}

/** Where a store has an object, or should have it. Bytes are not hashed. */
export async function locateObject(
  { digest, sizeBytes }: ExpectedObject,
  { storage, storeName, signal }: VersionObjectsOptions,
): Promise<ObjectLocation> {
  const key = contentKey(digest);
  const info = await storage.adapter(storeName).head(key, { signal }).catch(undefinedIfLost);
  const isThere = info?.sizeBytes === sizeBytes && (info.checksum ?? digest) === digest;
  const verifiedAt = isThere ? info.lastModified : utcTimestamp(0);
  return { digest, storeName, key, sizeBytes, verifiedAt, state: isThere ? 'verified' : 'corrupt' };
}

function undefinedIfLost(error: unknown): ObjectInfo | undefined {
  if (StorageError.isInstance(error, 'corrupt')) return undefined;
  throw error;
}
