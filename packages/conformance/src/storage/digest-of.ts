import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '@holdfast/domain';

/** The SHA-256 of bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return digestOfHex(createHash('sha256').update(bytes).digest('hex'));
}
