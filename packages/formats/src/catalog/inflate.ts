/** What to inflate, and how far. */
export interface InflateRequest {
  /** `deflate-raw` as in a zip member, `zlib` or `gzip` with their headers; `zstd` in chunks of HDF5. */
  readonly encoding: 'deflate-raw' | 'zlib' | 'gzip' | 'zstd';
  /** The most bytes to give back. */
  readonly limitBytes: number;
}

/**
 * Inflates the beginning of a compressed stream: what the given bytes hold, at most `limitBytes`.
 * The compressed bytes may be cut off anywhere; that is no error. With Node it is `node:zlib` and
 * `finishFlush: Z_SYNC_FLUSH`.
 */
export type Inflate = (compressed: Uint8Array, request: InflateRequest) => Promise<Uint8Array>;
