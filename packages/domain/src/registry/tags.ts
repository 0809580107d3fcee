import { InvalidValueError } from '../invalid-value-error.ts';
import { maximumNameLength } from './model-name.ts';

/** Free labels of a model or version: key to value. */
export type Tags = Readonly<Record<string, string>>;

/** Longest value of a tag, in characters. */
export const maximumTagValueLength = 5_000;

/**
 * Checks tags: keys of 1 to 255 letters, digits, `.`, `_`, `-`, `/` and `:`, values up to 5,000 characters of valid Unicode.
 *
 * @throws InvalidValueError naming the tag.
 */
export function parseTags(tags: Tags): Tags {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length > maximumNameLength || !/^[A-Za-z0-9._:/-]+$/.test(key)) {
      throw new InvalidValueError({
        field: 'tag',
        value: key,
        reason: 'is not the name of a tag',
        hint: `A tag is named by up to ${maximumNameLength} letters, digits, ".", "_", "-", "/" and ":".`,
      });
    }
    if (value.length > maximumTagValueLength || !value.isWellFormed()) {
      throw new InvalidValueError({
        field: `tag ${key}`,
        value,
        reason: `is longer than ${maximumTagValueLength} characters or not valid Unicode`,
      });
    }
  }
  return tags;
}
