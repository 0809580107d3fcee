import { constants, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Inflate } from '@holdfast/formats';

const streams = { 'deflate-raw': createInflateRaw, zlib: createInflate, gzip: createGunzip } as const;

const [leastChunkBytes, mostChunkBytes] = [1024, 2 ** 27];
/** Deflate makes at most 1,032 bytes of one. */
const mostInflation = 1032;

/**
 * Inflates the beginning of what is compressed, with Node's own zlib. Never more than the limit is held. Where the limit is
 * what there is, all comes in one piece, without a copy.
 */
export const inflate: Inflate = async (compressed, { encoding, limitBytes }) => {
  const dueBytes = Math.min(limitBytes, compressed.byteLength * mostInflation);
  const chunkSize = Math.min(Math.max(dueBytes, leastChunkBytes), mostChunkBytes);
  const stream = streams[encoding]({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize });
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
