import { constants, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Inflate } from '@holdfast/formats';

const streams = { 'deflate-raw': createInflateRaw, zlib: createInflate, gzip: createGunzip } as const;

/** Inflates the beginning of what is compressed, with Node's own zlib. Never more than the limit is held. */
export const inflate: Inflate = async (compressed, { encoding, limitBytes }) => {
  const stream = streams[encoding]({ finishFlush: constants.Z_SYNC_FLUSH });
  stream.end(compressed);
  const pieces: Uint8Array[] = [];
  let totalBytes = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    totalBytes += piece.byteLength;
    if (totalBytes >= limitBytes) break;
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, limitBytes));
};
