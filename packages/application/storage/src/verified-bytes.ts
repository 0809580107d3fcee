import { hash } from 'node:crypto';
import { type ModelStorageInfo, digestOfHex } from '@holdfast/domain';
import { damagedObject } from './damaged-object.ts';

/** From this size on, hashing beside the event loop gains more than handing the bytes over costs. */
const shortestHashedAsideBytes = 65_536;

/**
 * Hands a whole object on when its bytes are the recorded ones.
 *
 * @throws StorageError `size-mismatch`, `checksum-mismatch`.
 */
export async function verifiedBytes(bytes: Uint8Array, info: ModelStorageInfo): Promise<Uint8Array> {
  if (bytes.byteLength > info.sizeBytes)
    throw damagedObject(info, 'size-mismatch', `more than the ${info.sizeBytes} bytes`);
  if (bytes.byteLength < info.sizeBytes)
    throw damagedObject(info, 'size-mismatch', `${bytes.byteLength} of the ${info.sizeBytes} bytes`);
  if (digestOfHex(await hexDigest(bytes)) !== info.checksum)
    throw damagedObject(info, 'checksum-mismatch', 'other bytes than those');
  return bytes;
}

async function hexDigest(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength < shortestHashedAsideBytes) return hash('sha256', bytes, 'hex');
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');
}
