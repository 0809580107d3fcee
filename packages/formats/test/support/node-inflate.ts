import { constants, deflateRawSync, deflateSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { Deflate, Inflate } from '../../src/index.ts';

const inflaters = { 'deflate-raw': inflateRawSync, zlib: inflateSync, gzip: gunzipSync };

/** Inflates with Node. */
export const nodeInflate: Inflate = async (compressed, { encoding, limitBytes }) =>
  inflaters[encoding](compressed, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, limitBytes);

/** Deflates with Node. */
export const nodeDeflate: Deflate = async (bytes, { encoding }) =>
  encoding === 'zlib' ? deflateSync(bytes) : deflateRawSync(bytes);
