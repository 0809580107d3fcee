import type { Tags } from '@holdfast/domain';
import { plainText } from './plain-text.ts';

/** Tags on one line, sorted by key, safe for a terminal. */
export function printTags(tags: Tags): string {
  return Object.keys(tags)
    .toSorted()
    .map((key) => `${key}=${plainText(tags[key] ?? '')}`)
    .join(' ');
}
