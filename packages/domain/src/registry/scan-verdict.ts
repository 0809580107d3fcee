import type { JsonObject } from '../json-value.ts';
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

/** What is known of the code in an artifact. */
export interface CodeFacts {
  readonly storage: { readonly format: SerializationFormat };
  readonly verdict: ScanVerdict;
  readonly inspection?: JsonObject;
}

/** Whether the default policy keeps a version with this verdict from being loaded or aliased. */
export function isQuarantined(verdict: ScanVerdict): boolean {
  return verdict === ScanVerdict.Dangerous || verdict === ScanVerdict.Unscannable;
}

/**
 * Why reading an artifact with Python could run code that no scanner has looked for, as a sentence: its format is a
 * pickle, or its inspection found one in it. `undefined` where neither is so, or a scanner found it safe.
 */
export function whyCodeMayHide(version: CodeFacts): string | undefined {
  const { storage, verdict, inspection } = version;
  if (verdict === ScanVerdict.Safe) return undefined;
  if (pickleFamily.has(storage.format))
    return `A ${storage.format} file can run code when Python reads it, and no scanner has looked at this one.`;
  const scan = inspection?.['scan'];
  if (typeof scan !== 'object' || scan === null || Array.isArray(scan)) return undefined;
  const reason = (scan as JsonObject)['reason'];
  return typeof reason === 'string' ? reason : 'It may hold code that no scanner has looked for.';
}
