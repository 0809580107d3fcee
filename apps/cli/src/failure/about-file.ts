import { FormatError } from '@holdfast/formats';
import { CommandError } from './command-error.ts';

/** An error about the content of a file with the path that the user gave; any other as it is. */
export function aboutFile(error: unknown, path: string): unknown {
  if (!FormatError.isInstance(error)) return error;
  const { format, offset, reason, hint, isUnsupported } = error;
  return new CommandError({
    code: isUnsupported ? 'unsupported' : 'invalid-format',
    message: `${error.with({ path }).message}.`,
    hint,
    details: { format, offset, reason, path },
    cause: error,
  });
}
