import { InvalidValueError } from '../invalid-value-error.ts';

/** Longest name of a model, tag or alias, in characters. */
export const maximumNameLength = 255;

const modelNamePattern = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

/**
 * Parses the name of a model: letters, digits, `.`, `_` and `-`, up to 255 characters,
 * with `/` between namespace and name.
 *
 * @throws InvalidValueError saying which character or segment is to blame.
 */
export function parseModelName(name: string): string {
  const reason = whyNotModelName(name);
  if (reason === undefined) return name;
  throw new InvalidValueError({
    field: 'name',
    value: name,
    reason,
    hint: 'A model is named by letters, digits, ".", "_" and "-", with "/" for a namespace: team/fault-classifier.',
  });
}

function whyNotModelName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > maximumNameLength) return `is longer than ${maximumNameLength} characters`;
  const forbidden = /[^A-Za-z0-9._/-]/u.exec(name);
  if (forbidden !== null) return `has the forbidden character ${JSON.stringify(forbidden[0])}`;
  if (!modelNamePattern.test(name)) return 'has an empty segment';
  if (name.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'has a "." or ".." segment';
  return undefined;
}
