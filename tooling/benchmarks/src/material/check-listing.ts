import { createHash } from 'node:crypto';
import { check } from './check.ts';
import type { ListedS3Object } from './s3-server.ts';

/** Holds a listing to the bytes that belong there: every name, size and MD5, and nothing else. */
export function checkListing(
  found: ReadonlyMap<string, ListedS3Object>,
  expected: ReadonlyMap<string, string>,
  who: string,
): void {
  check(found.size === expected.size, `${who} left ${found.size} objects in the place of ${expected.size}`);
  for (const [key, md5] of expected)
    check(found.get(key)?.etag === md5, `${who} left other bytes under ${key}`);
}

/** The MD5 of bytes, which the etag is of an object that came in one piece. */
export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
