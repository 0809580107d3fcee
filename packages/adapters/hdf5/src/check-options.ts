import { InvalidValueError } from '@holdfast/domain';
import { whatIs } from '@holdfast/formats';

/**
 * Checks that settings are an object of known ones.
 *
 * @throws InvalidValueError for anything else, so that no setting is overlooked.
 */
export function checkOptions(options: unknown, known: readonly string[]): void {
  const due = `the settings are ${known.join(', ')}`;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidValueError({
      field: 'options',
      value: whatIs(options),
      reason: `must be an object: ${due}`,
    });
  for (const name in options)
    if (!known.includes(name))
      throw new InvalidValueError({ field: 'options', value: name, reason: `is not a setting: ${due}` });
}
