import { FormatError } from '../format-error.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import type { FolderSource } from './folder-source.ts';
import type { DetectionFacts, FolderProbe } from './format-handler.ts';
import type { FormatInspection } from './format-inspection.ts';

/** A folder probe that can also say what remains when no format was found. */
export interface InspectingFolderProbe extends FolderProbe {
  remains(): DetectionFacts;
}

/** What a folder probe borrows from the catalog. */
export interface FolderProbeTools {
  openReader(source: ByteRangeSource): BoundedReader;
  inspectFile(reader: BoundedReader, path: string): Promise<FormatInspection>;
}

/** Makes the probe of one folder. */
export function folderProbe(folder: FolderSource, tools: FolderProbeTools): InspectingFolderProbe {
  const entries = folder.entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const paths = new Set(entries.map((entry) => entry.path));
  const readers = new Map<string, Promise<BoundedReader>>();
  const notes: string[] = [];
  const open = async (path: string): Promise<BoundedReader> => tools.openReader(await folder.open(path));
  const reader = (path: string): Promise<BoundedReader> => {
    const opened = readers.get(path) ?? open(path);
    readers.set(path, opened);
    return opened;
  };
  return {
    entries,
    has: (path) => paths.has(path),
    reader,
    inspect: async (path) => namingFile(path, async () => tools.inspectFile(await reader(path), path)),
    note: (sentence) => void notes.push(sentence),
    remains: () => ({
      evidence: [...notes, `A folder of ${entries.length} files that matches no known format.`],
    }),
  };
}

async function namingFile<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw FormatError.isInstance(error) && error.path === undefined ? error.with({ path }) : error;
  }
}
