import { FormatError } from '../format-error.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import type { FolderSource } from './folder-source.ts';
import type { DetectionFacts, FolderProbe } from './format-handler.ts';
import type { FormatInspection } from './format-inspection.ts';
import type { InspectionNotes } from './inspection-notes.ts';

/** A folder probe that can also say what remains when no format was found. */
export interface InspectingFolderProbe extends FolderProbe {
  readonly notes: InspectionNotes;
  remains(): DetectionFacts;
}

/** What a folder probe borrows from the catalog. */
export interface FolderProbeTools {
  readonly notes: InspectionNotes;
  openReader(source: ByteRangeSource): BoundedReader;
  inspectFile(reader: BoundedReader, path: string): Promise<FormatInspection>;
}

/** Makes the probe of one folder. */
export function folderProbe(folder: FolderSource, tools: FolderProbeTools): InspectingFolderProbe {
  const entries = folder.entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const paths = new Set(entries.map((entry) => entry.path));
  const readers = new Map<string, Promise<BoundedReader>>();
  const inspections = new Map<string, Promise<FormatInspection>>();
  const sentences: string[] = [];
  const open = async (path: string): Promise<BoundedReader> => tools.openReader(await folder.open(path));
  const reader = (path: string): Promise<BoundedReader> => once(readers, path, open);
  const inspect = async (path: string): Promise<FormatInspection> =>
    namingFile(path, async () => tools.inspectFile(await reader(path), path));
  return {
    entries,
    notes: tools.notes,
    has: (path) => paths.has(path),
    reader,
    inspect: (path) => once(inspections, path, inspect),
    note: (sentence) => void sentences.push(sentence),
    warn: (warning) => tools.notes.warn(warning),
    limit: (error) => tools.notes.limit(error),
    remains: () => ({
      evidence: [
        ...sentences,
        `A folder of ${entries.length} ${entries.length === 1 ? 'file' : 'files'} that matches no known format.`,
      ],
    }),
  };
}

function once<T>(
  made: Map<string, Promise<T>>,
  path: string,
  make: (path: string) => Promise<T>,
): Promise<T> {
  const existing = made.get(path) ?? make(path);
  made.set(path, existing);
  return existing;
}

async function namingFile<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw FormatError.isInstance(error) && error.path === undefined ? error.with({ path }) : error;
  }
}
