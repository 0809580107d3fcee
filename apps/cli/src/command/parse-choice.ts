import { CommandError } from '../failure/command-error.ts';

/** Reads the value of an option that has to be one of a few words. */
export function parseChoice<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new CommandError({
    code: 'invalid-value',
    message: `${option} must be one of ${choices.join(', ')} (got ${JSON.stringify(text)}).`,
    details: { field: option, value: text, allowed: choices },
  });
}
