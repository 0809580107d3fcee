import { CommandError } from './command-error.ts';

/** A folder to write into that does not exist. */
export function missingFolder(folder: string, hint: string): CommandError {
  return new CommandError({
    code: 'not-found',
    message: `The folder ${folder} does not exist.`,
    hint,
    details: { path: folder },
  });
}
