import type { Tags } from '@holdfast/domain';
import { plainText } from './plain-text.ts';

/** Tags on one line, sorted by key, safe for a terminal. */
export function printTags(tags: Tags): string {
  return Object.entries(tags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${plainText(value)}`)
    .join(' ');
}
