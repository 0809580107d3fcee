/** The first bytes of a msgpack value: what it is and how much follows. */
export interface MsgpackHead {
  readonly kind: 'integer' | 'other' | 'text' | 'bytes' | 'array' | 'map' | 'extension';
  /** Bytes before the content; the type of an extension is the last of them. */
  readonly headBytes: number;
  /** Bytes that follow; for an array its elements, for a map its pairs. */
  readonly count: number;
  /** For an integer from 0 up: the bytes that follow, or 0 where it is `value` itself. */
  readonly integerBytes?: number;
  readonly value: number;
}

type Row = readonly [MsgpackHead['kind'], lengthBytes: number, fixedCount: number];

/** What begins with the bytes 0xc0 to 0xdf: kind, bytes of the length, and length where it is fixed. */
const rows: readonly (Row | undefined)[] = [
  ['other', 0, 0],
  undefined,
  ['other', 0, 0],
  ['other', 0, 0],
  ['bytes', 1, 0],
  ['bytes', 2, 0],
  ['bytes', 4, 0],
  ['extension', 1, 0],
  ['extension', 2, 0],
  ['extension', 4, 0],
  ['other', 0, 4],
  ['other', 0, 8],
  ['integer', 0, 1],
  ['integer', 0, 2],
  ['integer', 0, 4],
  ['integer', 0, 8],
  ['other', 0, 1],
  ['other', 0, 2],
  ['other', 0, 4],
  ['other', 0, 8],
  ['extension', 0, 1],
  ['extension', 0, 2],
  ['extension', 0, 4],
  ['extension', 0, 8],
  ['extension', 0, 16],
  ['text', 1, 0],
  ['text', 2, 0],
  ['text', 4, 0],
  ['array', 2, 0],
  ['array', 4, 0],
  ['map', 2, 0],
  ['map', 4, 0],
];

/**
 * Reads the head of a value; `'cut'` where the bytes end within it, `undefined` for a byte that
 * begins no value.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function msgpackHead(bytes: Uint8Array): MsgpackHead | 'cut' | undefined {
  const first = bytes[0];
  if (first === undefined) return 'cut';
  if (first < 0x80) return { kind: 'integer', headBytes: 1, count: 0, integerBytes: 0, value: first };
  if (first < 0x90) return { kind: 'map', headBytes: 1, count: first & 0x0f, value: 0 };
  if (first < 0xa0) return { kind: 'array', headBytes: 1, count: first & 0x0f, value: 0 };
  if (first < 0xc0) return { kind: 'text', headBytes: 1, count: first & 0x1f, value: 0 };
  if (first >= 0xe0) return { kind: 'other', headBytes: 1, count: 0, value: 0 };
  const row = rows[first - 0xc0];
  if (row === undefined) return undefined;
  const [kind, lengthBytes, fixedCount] = row;
  const headBytes = 1 + lengthBytes + (kind === 'extension' ? 1 : 0);
  if (bytes.length < headBytes) return 'cut';
  const stated = bytes.subarray(1, 1 + lengthBytes).reduce((total, byte) => total * 256 + byte, 0);
  const count = lengthBytes === 0 ? fixedCount : stated;
  return { kind, headBytes, count, value: 0, ...(kind === 'integer' ? { integerBytes: fixedCount } : {}) };
}
