import type { Stats } from 'node:fs';
import { CommandError } from '../failure/command-error.ts';

/**
 * Refuses what is neither a file nor a folder: reading it may never end, and replacing it would take it from others.
 *
 * @throws CommandError
 */
export function refuseSpecialFile(path: string, found: Stats | undefined, hint: string): void {
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new CommandError({
    code: 'invalid-argument',
    message: `${path} is ${kindOf(found)}, not a file.`,
    hint,
    details: { path },
  });
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return found.isBlockDevice() ? 'a block device' : 'a terminal or other device';
}
