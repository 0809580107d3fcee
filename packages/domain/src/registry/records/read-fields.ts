import { InvalidValueError } from '../../invalid-value-error.ts';
import { type Digest, parseDigest } from '../../storage/digest.ts';
import { epochMsOf } from '../../utc-timestamp.ts';
import { type Tags, parseTags } from '../tags.ts';
import type { RecordDocument } from './record-descriptor.ts';

/** The longest name of what people name freely, in characters. */
const longestTitle = 250;

/**
 * Checks a name that people choose freely: 1 to 250 characters, none of them a control character, with no space around.
 *
 * @throws InvalidValueError.
 */
export function parseTitle(field: string, value: unknown): string {
  const isTitle =
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= longestTitle &&
    value.trim() === value &&
    !/\p{Cc}/u.test(value) &&
    value.isWellFormed();
  if (isTitle) return value;
  throw new InvalidValueError({
    field,
    value,
    reason: 'is not a name',
    hint: `A name has 1 to ${longestTitle} characters, and no space at either end.`,
  });
}

/** @throws InvalidValueError when the field is not a text. */
export function readText(document: RecordDocument, field: string): string {
  const value = document[field];
  if (typeof value === 'string') return value;
  throw new InvalidValueError({ field, value, reason: 'is not a text' });
}

/** @throws InvalidValueError when the field is neither absent nor a text. */
export function readOptionalText(document: RecordDocument, field: string): string | undefined {
  return document[field] === undefined ? undefined : readText(document, field);
}

export function readDescription(document: RecordDocument): string {
  return readOptionalText(document, 'description') ?? '';
}

/** @throws InvalidValueError when the field is not a moment in UTC. */
export function readTime(document: RecordDocument, field: string): string {
  const value = readText(document, field);
  epochMsOf(value);
  return value;
}

/** @throws InvalidValueError when the field is none of the values. */
export function readOneOf<Value extends string>(
  document: RecordDocument,
  field: string,
  values: readonly Value[],
): Value {
  const value = document[field];
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw new InvalidValueError({ field, value, reason: `must be one of ${values.join(', ')}` });
}

/** @throws InvalidValueError when the tags cannot be. */
export function readTags(document: RecordDocument): Tags {
  return parseTags(readTexts(document, 'tags'));
}

/** @throws InvalidValueError when the field is not an object of texts. */
export function readTexts(document: RecordDocument, field: string): Readonly<Record<string, string>> {
  const value = document[field] ?? {};
  const isTexts = typeof value === 'object' && Object.values(value).every((text) => typeof text === 'string');
  if (isTexts) return value as Readonly<Record<string, string>>;
  throw new InvalidValueError({ field, value, reason: 'is not an object of texts' });
}

/** @throws InvalidValueError when the field is neither absent nor a list of objects. */
export function readObjects(
  document: RecordDocument,
  field: string,
): readonly Readonly<Record<string, unknown>>[] {
  const value = document[field] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null))
    return value as readonly Readonly<Record<string, unknown>>[];
  throw new InvalidValueError({ field, value, reason: 'is not a list of objects' });
}

/** An object in a store, by what it holds. */
export interface StoredContent {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** @throws InvalidValueError when a digest or size cannot be. */
export function readContent({ digest, sizeBytes }: Readonly<Record<string, unknown>>): StoredContent {
  if (typeof sizeBytes === 'number' && Number.isSafeInteger(sizeBytes) && sizeBytes >= 0)
    return { digest: parseDigest(String(digest)), sizeBytes };
  throw new InvalidValueError({ field: 'sizeBytes', value: sizeBytes, reason: 'is not a size in bytes' });
}
