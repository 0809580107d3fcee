import { createHash } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Tells machines apart whose processes have the same numbers. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/**
 * Where a backup is written until it is whole: a name that says whose it is. What killed processes of this machine left
 * of the same backup is removed.
 */
export async function partialBackupPath(path: string): Promise<string> {
  const prefix = `.${basename(path)}.${host}-`;
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(prefix) && one.endsWith('.partial'))) {
    const pid = Number(name.slice(prefix.length, -'.partial'.length));
    if (Number.isSafeInteger(pid) && pid > 0 && hasEnded(pid))
      await unlink(join(folder, name)).catch(() => undefined);
  }
  return join(folder, `${prefix}${process.pid}.partial`);
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
