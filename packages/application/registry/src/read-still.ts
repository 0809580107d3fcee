import { isChangedFile } from '@holdfast/files';
import { type LocalFileSource, fileSource } from '@holdfast/storage';
import { conflict } from './registry-error.ts';

/** How often a file that is written to meanwhile is read before it is refused. */
export const mostReadings = 2;

/**
 * Reads a local file as it is at one moment: one that is written to meanwhile is read again once.
 *
 * @throws StorageError `precondition-failed` when it was changed at that reading too; what the reading throws; the
 *   system's error when it cannot be opened.
 */
export async function readStill<T>(
  path: string,
  read: (source: LocalFileSource) => Promise<T>,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<T> {
  for (let reading = 1; ; reading++) {
    const source = await fileSource(path);
    try {
      return await read(source);
    } catch (error) {
      const hasChanged = isChangedFile(error) || (await source.hasChanged());
      if (!hasChanged || signal?.aborted === true) throw error;
      if (reading === mostReadings) throw keepsChanging(path);
    }
  }
}

/** The refusal of a file that another program does not leave alone. */
export function keepsChanging(path: string): Error {
  return conflict(
    `${path} was changed while it was read, and so it was when it was read again.`,
    'Save it when no program writes to it, or save a copy.',
  );
}
