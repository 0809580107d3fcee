import type { BoundedReader } from '../source/bounded-reader.ts';
import type { DetectionFacts, FormatProbe } from './format-handler.ts';
import type { Inflate } from './inflate.ts';
import type { InspectionNotes } from './inspection-notes.ts';

/** A probe that can also say what remains when no format was found. */
export interface FileProbe extends FormatProbe {
  readonly notes: InspectionNotes;
  remains(): DetectionFacts;
}

/** Settings of the probe of one file. */
export interface FileProbeOptions {
  readonly path?: string | undefined;
  readonly inflate?: Inflate | undefined;
  readonly notes: InspectionNotes;
}

/** Makes the probe of one file. */
export function fileProbe(reader: BoundedReader, { path, inflate, notes }: FileProbeOptions): FileProbe {
  const sentences: string[] = [];
  let suspicion: DetectionFacts['scan'];
  return {
    reader,
    path,
    inflate,
    notes,
    note: (sentence) => void sentences.push(sentence),
    suspect: (reason) => (suspicion ??= { verdict: 'unscanned', reason }),
    warn: (warning) => notes.warn(warning),
    limit: (error) => notes.limit(error),
    remains: () => ({
      evidence: evidenceOf(sentences, reader.sizeBytes),
      ...(suspicion === undefined ? {} : { scan: suspicion }),
    }),
  };
}

function evidenceOf(sentences: readonly string[], sizeBytes: number): readonly string[] {
  if (sizeBytes === 0) return ['The file is empty.'];
  return [...sentences, 'The content matches no known format.'];
}
