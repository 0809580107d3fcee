import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '@holdfast/domain';
import type { Cancellable, ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { promisedDigest } from './copy-object.ts';

/** An object as a listing told of it. */
export interface ListedObject {
  readonly adapter: StorageAdapter;
  readonly info: ObjectInfo;
}

/**
 * Whether two objects hold the same bytes, found out as cheaply as possible: by size, by the digests in listings and
 * keys, by asking each store for its digest, and only where a store keeps none, by reading that object. Where neither
 * does, both are read at once and nothing is written: modification times and etags of two stores prove nothing.
 */
export async function hasSameContent(
  left: ListedObject,
  right: ListedObject,
  options: Cancellable = {},
): Promise<boolean> {
  if (left.info.sizeBytes !== right.info.sizeBytes) return false;
  const [ours, theirs] = [await knownDigest(left, options), await knownDigest(right, options)];
  const digests = await Promise.all([
    ours ?? readDigest(left, options),
    theirs ?? readDigest(right, options),
  ]);
  return digests[0] !== undefined && digests[0] === digests[1];
}

/** An object under a content key is what its store says of it, and what its key says where the store says nothing. */
async function knownDigest(
  { adapter, info }: ListedObject,
  { signal }: Cancellable,
): Promise<Digest | undefined> {
  const told = info.checksum ?? promisedDigest(info);
  return told ?? (await adapter.head(info.key, { signal }))?.checksum;
}

async function readDigest(
  { adapter, info }: ListedObject,
  { signal }: Cancellable,
): Promise<Digest | undefined> {
  await using reader = await adapter.get(info.key, { signal });
  if (reader === undefined) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of reader.body) hash.update(chunk);
  return digestOfHex(hash.digest('hex'));
}
