import { InvalidValueError } from '../invalid-value-error.ts';

/** Longest name of an actor, in characters. */
const longestActorCharacters = 255;

/**
 * Checks the name of who changes something: 1 to 255 characters, none of them a control character.
 *
 * @throws InvalidValueError saying why it cannot be.
 */
export function parseActor(name: string): string {
  const reason = whyNotActor(name);
  if (reason === undefined) return name;
  throw new InvalidValueError({
    field: 'actor',
    value: name,
    reason,
    hint: 'Histories name who changed what: use a login, an e-mail address or the name of a job.',
  });
}

function whyNotActor(name: string): string | undefined {
  if (name.trim() === '') return 'is empty';
  if (name.length > longestActorCharacters) return `is longer than ${longestActorCharacters} characters`;
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) return 'has a control character or is not valid Unicode';
  return undefined;
}
