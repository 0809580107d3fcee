import type { SerializationFormat } from '@holdfast/domain';

/** That bytes can hold code which no scanner has looked at yet. */
export interface ScanNote {
  /** `unscanned`: nothing is known; never load it where its origin is not trusted. */
  readonly verdict: 'unscanned';
  /** What can hold code, as one sentence. */
  readonly reason: string;
}

/** The format of some bytes, and what in the bytes says so. Plain JSON. */
export interface FormatDetection {
  /** `binary` when nothing else is certain. */
  readonly format: SerializationFormat;
  /** Sentences, the most telling one first; never empty. */
  readonly evidence: readonly string[];
  /** Present where the bytes can hold a pickle or other code. */
  readonly scan?: ScanNote;
}
