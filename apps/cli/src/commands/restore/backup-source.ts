import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BackupSource } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import { refuseSpecialFile } from '../../command/refuse-special-file.ts';
import { CommandError } from '../../failure/command-error.ts';

const chunkBytes = 1_048_576;

/** The backup that the user named: a file, or standard input. */
export async function backupSource(
  name: string,
  { workingFolder, stdin, signal }: Pick<CommandContext, 'workingFolder' | 'stdin' | 'signal'>,
): Promise<BackupSource> {
  if (name === '-') {
    if (stdin.isTTY !== true) return { open: () => stdin, isReopenable: false };
    throw new CommandError({
      code: 'wrong-use',
      message: 'Standard input is your terminal.',
      hint: 'Name a file, or use a pipe.',
    });
  }
  const path = resolve(workingFolder, name);
  const found = await stat(path);
  if (found.isDirectory()) {
    throw new CommandError({
      code: 'invalid-argument',
      message: `${path} is a folder, and a backup is one file.`,
      hint: 'Name the file that holdfast backup wrote.',
    });
  }
  refuseSpecialFile(path, found, `Give what it holds through a pipe: cat ${name} | holdfast restore -`);
  return {
    open: () => createReadStream(path, { highWaterMark: chunkBytes, signal }),
    isReopenable: true,
  };
}
