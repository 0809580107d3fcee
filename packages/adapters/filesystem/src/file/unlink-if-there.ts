import { unlink } from 'node:fs/promises';
import { isMissing } from '../to-storage-error.ts';

/** Removes a file; one that is gone already is no error. */
export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
