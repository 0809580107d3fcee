import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Has everything written to the disk that waits for it, so that nobody pays for what others left behind. */
export async function settleDisk(): Promise<void> {
  if (process.platform !== 'win32') await execute('sync');
}
