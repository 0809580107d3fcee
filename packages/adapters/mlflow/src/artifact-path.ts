import { RequestFailureError } from '@holdfast/adapter-kit';
import { utf8Length } from '@holdfast/domain';

/**
 * What the server changes or refuses in a path. It decodes percent sequences until none is left, takes the path for a
 * URL, so that a colon in its beginning, `?`, `;` and `#` mean something, strips spaces before it, and takes a
 * backslash for a separator on some systems. `~XX` spells a byte; a `~` that looks like one is spelled so itself.
 */
const unspeakable = /[%#?;\\]|~(?=[0-9A-F]{2})|^ +|(?<=^[^/]*):/gu;
/** Files that the server writes to have names that begin so, and are not listed. */
const reservedSegment = /(?<=^|\/)\.(?=artifact\.uploading\.)/g;
/** What file systems take as a name. */
const longestSegmentBytes = 255;

/** The path of the artifact that stands for a name. @throws RequestFailureError `invalid-key` */
export function artifactPathOf(name: string): string {
  const path = spell(name);
  const long = path.split('/').find((segment) => utf8Length(segment) > longestSegmentBytes);
  if (long === undefined) return path;
  throw new RequestFailureError({
    code: 'invalid-key',
    what: `a part of the key takes ${utf8Length(long)} bytes, and a name of a file ${longestSegmentBytes} at most`,
    hint: 'Shorten the part between two "/".',
  });
}

/** The name for which the path of an artifact stands, or `undefined` when no name is spelled so. */
export function nameOfArtifact(path: string): string | undefined {
  if (!path.isWellFormed()) return undefined;
  try {
    const escaped = path.replaceAll(/%|~(?=[0-9A-F]{2})/g, (mark) => (mark === '~' ? '%' : '%25'));
    const name = decodeURIComponent(escaped);
    return spell(name) === path ? name : undefined;
  } catch {
    return undefined;
  }
}

function spell(name: string): string {
  return name.replaceAll(unspeakable, escapeEach).replaceAll(reservedSegment, escapeEach);
}

/** All of them are ASCII. */
function escapeEach(characters: string): string {
  return Array.from(characters, (character) => `~${character.charCodeAt(0).toString(16).toUpperCase()}`).join(
    '',
  );
}
