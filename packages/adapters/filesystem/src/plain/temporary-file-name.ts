import { randomUUID } from 'node:crypto';
import { type ProcessIdentity, parseIdentity } from '@holdfast/adapter-kit';
import { temporaryName } from '../file/temporary-name.ts';

const mark = '.holdfast-';

/** A name for a temporary file beside the file that it becomes: no key is spelled like this. */
export function temporaryFileName(): string {
  return `${mark}${temporaryName(randomUUID().replaceAll('-', ''))}`;
}

/** The process that a temporary file belongs to; `undefined` when the name is not one of a temporary file. */
export function ownerOfTemporary(name: string): ProcessIdentity | undefined {
  if (!name.startsWith(mark) || !/-[0-9a-f]{32}$/.test(name)) return undefined;
  return parseIdentity(name.slice(mark.length));
}
