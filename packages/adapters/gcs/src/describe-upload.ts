import type { Upload, WrittenObject } from '@holdfast/adapter-kit';
import type { WriteMode } from '@holdfast/ports';
import { type ObjectResource, objectResource } from './stored-object.ts';
import {
  alreadyThere,
  bytesChanged,
  bytesUnproven,
  isPreconditionFailure,
  unspeakableContentType,
} from './to-storage-error.ts';

/** What an object is said to be, in the words of the JSON API. */
export function describeUpload({ name, contentType, metadata }: Upload): {
  readonly name: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
} {
  if (!/^[\x20-\x7E]+$/.test(contentType)) throw unspeakableContentType(contentType);
  return { name, contentType, metadata };
}

/** A condition: generation 0 is that of an object which is not there. */
export function generationCondition(mode: WriteMode): { readonly ifGenerationMatch: string | undefined } {
  if (mode === 'overwrite') return { ifGenerationMatch: undefined };
  return { ifGenerationMatch: mode === 'create' ? '0' : mode.ifMatch };
}

/** Tells a refused condition by what was asked for. */
export async function deciding<T>(mode: WriteMode, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw mode === 'create' && isPreconditionFailure(error) ? alreadyThere(error) : error;
  }
}

/** What a write made. */
export function writtenObject({ etag, version }: ObjectResource): WrittenObject {
  return { etag, version };
}

/** Holds what a write made to what was sent; `remove` takes back what was changed on the way. */
export async function checkedObject(
  value: unknown,
  sent: { readonly sizeBytes: number; readonly crc32c: string },
  remove: (generation: string) => Promise<void>,
): Promise<WrittenObject> {
  const made = objectResource(value);
  if (made.sizeBytes === sent.sizeBytes && made.crc32c === sent.crc32c) return writtenObject(made);
  await remove(made.etag);
  throw made.crc32c === undefined ? bytesUnproven() : bytesChanged();
}
