import { deflateSync } from 'node:zlib';
import { shuffle } from '@holdfast/formats';

/** Chunks to compress, one after the other. */
export interface CompressJob {
  readonly kind: 'compress';
  readonly bytes: Uint8Array;
  readonly chunkBytes: number;
  /** The bytes of an element, where they are shuffled. */
  readonly shuffledBytes: number | undefined;
  /** The level of deflate; `undefined` to shuffle alone. */
  readonly level: number | undefined;
}

/** Compressed chunks, one after the other, and how long each is. */
export interface CompressedChunks {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sizes: readonly number[];
}

/** Compresses chunks in this thread. */
export function compressChunks({ bytes, chunkBytes, shuffledBytes, level }: CompressJob): CompressedChunks {
  const stored: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    const content = shuffledBytes === undefined ? chunk : shuffle(chunk, shuffledBytes);
    // The larger memory makes deflate a seventh faster.
    const options = { level, memLevel: 9, chunkSize: Math.max(1024, chunkBytes) };
    stored.push(level === undefined ? content : deflateSync(content, options));
  }
  const joined = new Uint8Array(stored.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of stored) {
    joined.set(part, end);
    end += part.length;
  }
  return { bytes: joined, sizes: stored.map(({ length }) => length) };
}
