/** The part of the ordered keys that a listing walks: `from` inclusive or exclusive, `before` exclusive. */
export interface KeyRange {
  readonly from: string;
  readonly isFromIncluded: boolean;
  /** `undefined` when nothing ends the range. */
  readonly before: string | undefined;
}

/** The keys that begin with a prefix and come after another key. */
export function keyRange(prefix: string, startAfter: string | undefined): KeyRange {
  const before = prefix === '' ? undefined : firstTextAfter(prefix);
  if (startAfter !== undefined && Buffer.compare(Buffer.from(startAfter), Buffer.from(prefix)) >= 0) {
    return { from: startAfter, isFromIncluded: false, before };
  }
  return { from: prefix, isFromIncluded: true, before };
}

/**
 * The least text, by UTF-8 bytes, that is greater than every text with this prefix;
 * `undefined` when there is none.
 */
export function firstTextAfter(prefix: string): string | undefined {
  const codePoints = Array.from(prefix, (character) => character.codePointAt(0) as number);
  for (let last = codePoints.pop(); last !== undefined; last = codePoints.pop()) {
    if (last < lastCodePoint) return String.fromCodePoint(...codePoints, nextCodePoint(last));
  }
  return undefined;
}

const lastCodePoint = 0x10_ff_ff;

function nextCodePoint(codePoint: number): number {
  return codePoint === 0xd7_ff ? 0xe0_00 : codePoint + 1;
}
