import { InvalidValueError } from '../invalid-value-error.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';
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

/** One change of a tag of a model or version. */
export interface TagChange {
  readonly at: UtcTimestamp;
  readonly field: 'tag';
  /** The tag's name. */
  readonly tag: string;
  /** Absent when the tag did not exist. */
  readonly from?: string;
  /** Absent when the tag was removed. */
  readonly to?: string;
  /** Who changed it, as far as it is known. */
  readonly by?: string;
}

/** When something is changed, and who changes it. */
export interface ChangeOptions {
  readonly now: UtcTimestamp;
  readonly by?: string | undefined;
}

/** Changes of tags that a record keeps: the newest of them, so that a tag which changes every minute fills no record. */
export const mostTagChanges = 500;

/** A history with what differs between two sets of tags appended; of more than {@link mostTagChanges} the oldest go. */
export function withTagChanges<Change extends { readonly field: string }>(
  history: readonly (Change | TagChange)[],
  tags: { readonly before: Tags; readonly after: Tags },
  { now, by }: ChangeOptions,
): readonly (Change | TagChange)[] {
  const { before, after } = tags;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changes = keys
    .filter((key) => before[key] !== after[key])
    .map((tag): TagChange => {
      const [from, to] = [before[tag], after[tag]];
      return {
        at: now,
        field: 'tag',
        tag,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(by === undefined ? {} : { by }),
      };
    });
  const all = [...history, ...changes];
  let surplus = all.filter(({ field }) => field === 'tag').length - mostTagChanges;
  return all.filter(({ field }) => field !== 'tag' || surplus-- <= 0);
}
