import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '@holdfast/domain';
import { readFileInBlocks } from '../bare/read-file.ts';

/** The SHA-256 of a file. */
export async function fileDigest(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await readFileInBlocks(path, (block) => void hash.update(block));
  return digestOfHex(hash.digest('hex'));
}

/** The SHA-256 of what comes. */
export async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return digestOfHex(hash.digest('hex'));
}
