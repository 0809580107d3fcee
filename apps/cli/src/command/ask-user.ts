import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command-context.ts';

/** Asks a question on the terminal; only `y` or `yes` is a yes, and the end of the input is a no. */
export async function askUser(
  question: string,
  { stdin, signal }: Pick<CommandContext, 'stdin' | 'signal'>,
): Promise<boolean> {
  // Not as a "terminal": that would take Ctrl-C away from the process.
  const dialog = createInterface({ input: stdin, output: process.stderr, terminal: false });
  try {
    const ended = once(dialog, 'close', { signal }).then(() => '');
    const answer = await Promise.race([dialog.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    dialog.close();
  }
}
