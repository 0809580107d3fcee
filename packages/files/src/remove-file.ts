import { unlink } from 'node:fs/promises';
import { undefinedIfMissing } from './system-failure.ts';

/** Removes a file; that it does not exist is no error. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch(undefinedIfMissing);
}
