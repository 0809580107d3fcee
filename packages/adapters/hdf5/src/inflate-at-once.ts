import { gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import type { Inflate } from '@holdfast/formats';
import { ReusedZlib } from './reused-zlib.ts';

const inflaters = { 'deflate-raw': inflateRawSync, gzip: gunzipSync, zstd: zstdDecompressSync } as const;
const [leastPieceBytes, mostPieceBytes] = [1024, 2 ** 27];
const inflater = ReusedZlib.inflater();
let lent = new Uint8Array(0);

/** Inflates in this thread, without a stream: the chunks of a dataset are small, and their size is known. */
export const inflateAtOnce: Inflate = async (compressed, { encoding, limitBytes }) => {
  if (encoding === 'zlib') return inflated(compressed, new Uint8Array(limitBytes));
  const chunkSize = Math.min(Math.max(limitBytes, leastPieceBytes), mostPieceBytes);
  return inflaters[encoding](compressed, { maxOutputLength: limitBytes, chunkSize });
};

/** The same into memory that is overwritten by the next call. */
export const inflateLent: Inflate = async (compressed, request) => {
  if (request.encoding !== 'zlib') return inflateAtOnce(compressed, request);
  if (lent.length < request.limitBytes) lent = new Uint8Array(request.limitBytes);
  return inflated(compressed, lent.subarray(0, request.limitBytes));
};

function inflated(compressed: Uint8Array, target: Uint8Array): Uint8Array {
  return target.subarray(0, inflater.run(compressed, target));
}
