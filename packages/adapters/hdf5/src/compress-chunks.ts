import { shuffle } from '@holdfast/formats';
import { ReusedZlib } from './reused-zlib.ts';

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

const deflaters = new Map<number, ReusedZlib>();

/** Compresses chunks in this thread. */
export function compressChunks({ bytes, chunkBytes, shuffledBytes, level }: CompressJob): CompressedChunks {
  const sizes: number[] = [];
  const mostBytes = mostDeflated(chunkBytes);
  const joined = new Uint8Array((bytes.length / chunkBytes) * mostBytes);
  let end = 0;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    const content = shuffledBytes === undefined ? chunk : shuffle(chunk, shuffledBytes);
    const target = joined.subarray(end, end + mostBytes);
    const size = level === undefined ? content.length : deflaterOf(level).run(content, target);
    if (level === undefined) target.set(content);
    sizes.push(size);
    end += size;
  }
  return { bytes: joined.slice(0, end), sizes };
}

function deflaterOf(level: number): ReusedZlib {
  const known = deflaters.get(level) ?? ReusedZlib.deflater(level);
  deflaters.set(level, known);
  return known;
}

/** What cannot be compressed is stored in blocks: zlib's own bound of that, and more. */
function mostDeflated(sizeBytes: number): number {
  return sizeBytes + (sizeBytes >> 9) + 1024;
}
