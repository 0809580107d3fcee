import type { SerializationFormat } from '@holdfast/domain';
import type { BoundedReader } from '../source/bounded-reader.ts';
import type { FolderEntry } from './folder-source.ts';
import type { FormatDetection } from './format-detection.ts';
import type { FormatInspection, InspectionFacts, InspectionWarning } from './format-inspection.ts';
import type { Inflate } from './inflate.ts';

/** A file as detectors and inspectors see it. */
export interface FormatProbe {
  readonly reader: BoundedReader;
  /** The file's name, where it is known. It may narrow what the content leaves open, never replace it. */
  readonly path: string | undefined;
  /** Absent where the caller gave none: compressed data stays closed then. */
  readonly inflate: Inflate | undefined;
  /** Remembers a sentence to report if no format is found in the end. */
  note(sentence: string): void;
  /** Remembers that the bytes may hold code, to report even if no format is found in the end. */
  suspect(reason: string): void;
  /** Adds a warning to the inspection. */
  warn(warning: InspectionWarning): void;
  /** Turns a caught `DetailLimit` into a warning, so that what was read until then is kept; throws anything else again. */
  limit(error: unknown): void;
}

/** A folder as detectors and inspectors see it. */
export interface FolderProbe {
  /** Sorted by path. */
  readonly entries: readonly FolderEntry[];
  /** Whether there is a file of this path. */
  has(path: string): boolean;
  /** A reader of one file; all share one budget. */
  reader(path: string): Promise<BoundedReader>;
  /** Inspects one file like a file of its own, in the same budget. */
  inspect(path: string): Promise<FormatInspection>;
  /** Remembers a sentence to report if no format is found in the end. */
  note(sentence: string): void;
  /** Adds a warning to the inspection. */
  warn(warning: InspectionWarning): void;
  /** Turns a caught `DetailLimit` into a warning, as that of a file does. */
  limit(error: unknown): void;
}

/** What a detector says when it recognises its format. */
export type DetectionFacts = Omit<FormatDetection, 'format'>;

/**
 * How one format is recognised and described. Formats of your own have a name with `x-`.
 *
 * A detector answers from content, gives `undefined` for what is not its own, and throws
 * `FormatError` only where the bytes are beyond doubt meant to be its format and are broken, which
 * means that the format's own library would not load them either. What it merely does not read, or
 * reads no further, is a `DetailLimit`.
 * It must read little, whatever the file's size: the probe's reader has a budget.
 */
export interface FormatHandler {
  readonly format: SerializationFormat;
  detect?(probe: FormatProbe): Promise<DetectionFacts | undefined>;
  /** Called only for what `detect` recognised. */
  inspect?(probe: FormatProbe): Promise<InspectionFacts>;
  detectFolder?(probe: FolderProbe): Promise<DetectionFacts | undefined>;
  /** Called only for what `detectFolder` recognised. */
  inspectFolder?(probe: FolderProbe): Promise<InspectionFacts>;
}
