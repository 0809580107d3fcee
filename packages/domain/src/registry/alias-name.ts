import { InvalidValueError } from '../invalid-value-error.ts';
import { maximumNameLength } from './model-name.ts';

/**
 * Parses the name of an alias: letters, digits, `.`, `_` and `-`, up to 255 characters;
 * not `latest`, which moves by itself, and nothing that looks like a version (`3`, `v3`).
 *
 * @throws InvalidValueError saying why the name cannot be an alias.
 */
export function parseAliasName(name: string): string {
  const reason = whyNotAliasName(name);
  if (reason === undefined) return name;
  throw new InvalidValueError({
    field: 'alias',
    value: name,
    reason,
    hint: 'An alias is a word of letters, digits, ".", "_" and "-", such as champion or staging.',
  });
}

function whyNotAliasName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > maximumNameLength) return `is longer than ${maximumNameLength} characters`;
  if (/^latest$/i.test(name)) return 'is reserved for the newest version';
  if (/^v?\d+$/i.test(name)) return 'looks like a version number';
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return 'has a forbidden character';
  return undefined;
}
