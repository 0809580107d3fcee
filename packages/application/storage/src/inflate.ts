import { constants, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import type { Inflate } from '@holdfast/formats';

const [cutOff, cutOffZstd] = [
  { finishFlush: constants.Z_SYNC_FLUSH },
  { finishFlush: constants.ZSTD_e_flush },
];
const streams = {
  'deflate-raw': (chunkSize: number) => createInflateRaw({ ...cutOff, chunkSize }),
  zlib: (chunkSize: number) => createInflate({ ...cutOff, chunkSize }),
  gzip: (chunkSize: number) => createGunzip({ ...cutOff, chunkSize }),
  zstd: (chunkSize: number) => createZstdDecompress({ ...cutOffZstd, chunkSize }),
} as const;

const [leastChunkBytes, mostChunkBytes] = [1024, 2 ** 27];
/** Deflate makes at most 1,032 bytes of one. */
const mostInflation = 1032;

/**
 * Inflates the beginning of what is compressed, with Node's own zlib and zstd. Never more than the limit is held. Where the limit is
 * what there is, all comes in one piece, without a copy.
 */
export const inflate: Inflate = async (compressed, { encoding, limitBytes }) => {
  const dueBytes = Math.min(limitBytes, compressed.byteLength * mostInflation);
  const chunkSize = Math.min(Math.max(dueBytes, leastChunkBytes), mostChunkBytes);
  const stream = streams[encoding](chunkSize);
  stream.end(compressed);
  const pieces: Uint8Array[] = [];
  let totalBytes = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    totalBytes += piece.byteLength;
    if (totalBytes >= limitBytes) break;
  }
  const [first] = pieces;
  const whole = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
  return new Uint8Array(whole.buffer, whole.byteOffset, Math.min(whole.byteLength, limitBytes));
};
