import { lstat } from 'node:fs/promises';

/** @throws an error with the system's code `EEXIST` when something is there, be it a broken link. */
export async function assertFree(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined)
    throw Object.assign(new Error(`${path} is there already`), { code: 'EEXIST', path });
}
