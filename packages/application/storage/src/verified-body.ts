import { createHash } from 'node:crypto';
import { type ModelStorageInfo, digestOfHex } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/**
 * Hands a whole object's bytes on while hashing them, and ends in an error when they are not the recorded ones.
 * Only when it ends without one may the bytes be relied on.
 *
 * @throws StorageError `checksum-mismatch` or `size-mismatch`, after the last byte.
 */
export async function* verifiedBody(
  body: AsyncIterable<Uint8Array>,
  info: ModelStorageInfo,
): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    yield chunk;
  }
  const digest = digestOfHex(hash.digest('hex'));
  if (digest === info.checksum && sizeBytes === info.sizeBytes) return;
  const isShort = sizeBytes !== info.sizeBytes;
  throw new StorageError({
    code: isShort ? 'size-mismatch' : 'checksum-mismatch',
    operation: 'load',
    backend: info.storageBackend,
    key: info.storagePath,
    message: isShort
      ? `The stored object has ${sizeBytes} bytes where ${info.sizeBytes} were written.`
      : `The stored bytes hash to ${digest}, not to ${info.checksum}: they are damaged.`,
    hint: 'Put the same file again to repair the object, or restore it from a copy.',
  });
}
