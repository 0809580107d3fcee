import { type SerializationFormat, pickleFamily } from '../storage/serialization-format.ts';

/** What a scan for code hidden in an artifact found. */
export const ScanVerdict = {
  /** Nobody has looked yet. */
  Unscanned: 'unscanned',
  Safe: 'safe',
  Suspicious: 'suspicious',
  Dangerous: 'dangerous',
  /** It could not be read far enough to tell. */
  Unscannable: 'unscannable',
} as const;

export type ScanVerdict = (typeof ScanVerdict)[keyof typeof ScanVerdict];

/** Whether the default policy keeps a version with this verdict from being loaded or aliased. */
export function isQuarantined(verdict: ScanVerdict): boolean {
  return verdict === ScanVerdict.Dangerous || verdict === ScanVerdict.Unscannable;
}

/** Whether reading the artifact with Python could run code that nobody has looked for. */
export function mayHideCode(format: SerializationFormat, verdict: ScanVerdict): boolean {
  return pickleFamily.has(format) && verdict !== ScanVerdict.Safe;
}
