import { lstat } from 'node:fs/promises';

/** @throws an error with the system's code `EEXIST` when the name is taken, be it by a broken link. */
export async function assertFree(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined) throw Object.assign(new Error(`${path} exists already`), { code: 'EEXIST', path });
}
