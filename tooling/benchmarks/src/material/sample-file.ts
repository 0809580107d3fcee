import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfHex } from '@holdfast/domain';
import { sampleBytes } from './sample-bytes.ts';

const blockBytes = 1_048_576;

/** A file whose bytes are known by their digest. */
export interface SampleFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** Writes a file of whole MiB, each of them different. */
export async function makeSampleFile(folder: string, sizeBytes: number): Promise<SampleFile> {
  const path = join(folder, 'sample.bin');
  const hash = createHash('sha256');
  await using file = await open(path, 'wx');
  for (let offset = 0; offset < sizeBytes; offset += blockBytes) {
    const block = sampleBytes(blockBytes, offset / blockBytes);
    hash.update(block);
    await file.writeFile(block);
  }
  return { path, sizeBytes, digest: digestOfHex(hash.digest('hex')) };
}
