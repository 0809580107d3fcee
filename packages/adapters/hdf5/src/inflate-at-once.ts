import { gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Inflate } from '@holdfast/formats';

const inflaters = {
  'deflate-raw': inflateRawSync,
  zlib: inflateSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
} as const;
const [leastPieceBytes, mostPieceBytes] = [1024, 2 ** 27];

/** Inflates in this thread, without a stream: the chunks of a dataset are small, and their size is known. */
export const inflateAtOnce: Inflate = async (compressed, { encoding, limitBytes }) => {
  const chunkSize = Math.min(Math.max(limitBytes, leastPieceBytes), mostPieceBytes);
  return inflaters[encoding](compressed, { maxOutputLength: limitBytes, chunkSize });
};
