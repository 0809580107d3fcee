import { resolve } from 'node:path';
import { openValues } from '@holdfast/formats';
import { inflate } from '@holdfast/registry';
import { type ReadSignalOptions, SignalError, type SignalFromFile, readSignal } from '@holdfast/signals';
import { FileRangeSource } from '@holdfast/storage';
import type { CommandContext } from '../../command/command-context.ts';
import { aboutFile } from '../../failure/about-file.ts';
import { CommandError } from '../../failure/command-error.ts';

/** Reads the signal of a file on this machine. What is wrong with it is said of the file. */
export async function readSignalFile(
  path: string,
  options: ReadSignalOptions,
  { workingFolder, signal, output }: CommandContext,
): Promise<SignalFromFile> {
  await using source = await FileRangeSource.open(resolve(workingFolder, path));
  try {
    const { values } = await openValues(source, { inflate, signal });
    const found = await readSignal(values, { ...options, signal });
    if (found.others.length > 0)
      output.warn(`${path}: ${found.path} was taken; ${found.others.join(', ')} could be the signal too.`);
    return found;
  } catch (error) {
    throw ofFile(error, path);
  }
}

function ofFile(error: unknown, path: string): unknown {
  if (!SignalError.isInstance(error)) return aboutFile(error, path);
  return new CommandError({
    code: 'invalid-format',
    message: `${path}: ${error.message}`,
    hint: hintOf(error),
    details: { reason: error.code, path },
    cause: error,
  });
}

function hintOf({ code, hint }: SignalError): string | undefined {
  return code === 'ambiguous-signal'
    ? `${hint} On the command line: --signal PATTERN, --channel NUMBER.`
    : hint;
}
