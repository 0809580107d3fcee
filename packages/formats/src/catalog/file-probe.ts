import type { BoundedReader } from '../source/bounded-reader.ts';
import type { DetectionFacts, FormatProbe } from './format-handler.ts';
import type { Inflate } from './inflate.ts';

/** A probe that can also say what remains when no format was found. */
export interface FileProbe extends FormatProbe {
  remains(): DetectionFacts;
}

/** Makes the probe of one file. */
export function fileProbe(
  reader: BoundedReader,
  options: { readonly path?: string | undefined; readonly inflate?: Inflate | undefined },
): FileProbe {
  const notes: string[] = [];
  let suspicion: DetectionFacts['scan'];
  return {
    reader,
    path: options.path,
    inflate: options.inflate,
    note: (sentence) => void notes.push(sentence),
    suspect: (reason) => (suspicion ??= { verdict: 'unscanned', reason }),
    remains: () => ({
      evidence: evidenceOf(notes, reader.sizeBytes),
      ...(suspicion === undefined ? {} : { scan: suspicion }),
    }),
  };
}

function evidenceOf(notes: readonly string[], sizeBytes: number): readonly string[] {
  if (sizeBytes === 0) return ['The file is empty.'];
  return [...notes, 'The content matches no known format.'];
}
