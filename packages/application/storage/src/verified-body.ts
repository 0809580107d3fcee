import { createHash } from 'node:crypto';
import { type ModelStorageInfo, digestOfHex } from '@holdfast/domain';
import { damagedObject } from './damaged-object.ts';

/**
 * Hands a whole object's bytes on while hashing them, and ends in an error when they are not the recorded ones.
 * Only when it ends without one may the bytes be relied on.
 *
 * @throws StorageError `size-mismatch`, before any byte more than recorded is handed on or after the last one;
 *   `checksum-mismatch`, after the last byte.
 */
export async function* verifiedBody(
  body: AsyncIterable<Uint8Array>,
  info: ModelStorageInfo,
): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > info.sizeBytes)
      throw damagedObject(info, 'size-mismatch', `more than the ${info.sizeBytes} bytes`);
    hash.update(chunk);
    yield chunk;
  }
  if (sizeBytes < info.sizeBytes)
    throw damagedObject(info, 'size-mismatch', `${sizeBytes} of the ${info.sizeBytes} bytes`);
  if (digestOfHex(hash.digest('hex')) !== info.checksum)
    throw damagedObject(info, 'checksum-mismatch', 'other bytes than those');
}
