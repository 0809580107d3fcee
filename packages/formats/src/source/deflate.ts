/** Compresses bytes. With Node it is `deflateRaw` and `deflate` of `node:zlib`. */
export type Deflate = (
  bytes: Uint8Array,
  request: {
    /** `deflate-raw` as in a zip member, `zlib` with its header. */
    readonly encoding: 'deflate-raw' | 'zlib';
  },
) => Promise<Uint8Array>;
