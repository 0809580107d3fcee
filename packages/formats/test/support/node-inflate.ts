import {
  constants,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { Deflate, Inflate } from '../../src/index.ts';

const cutOff = { finishFlush: constants.Z_SYNC_FLUSH };
const inflaters = {
  'deflate-raw': (bytes: Uint8Array) => inflateRawSync(bytes, cutOff),
  zlib: (bytes: Uint8Array) => inflateSync(bytes, cutOff),
  gzip: (bytes: Uint8Array) => gunzipSync(bytes, cutOff),
  zstd: (bytes: Uint8Array) => zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush }),
};

/** Inflates with Node. */
export const nodeInflate: Inflate = async (compressed, { encoding, limitBytes }) =>
  inflaters[encoding](compressed).subarray(0, limitBytes);

/** Deflates with Node. */
export const nodeDeflate: Deflate = async (bytes, { encoding }) =>
  encoding === 'zlib' ? deflateSync(bytes) : deflateRawSync(bytes);
