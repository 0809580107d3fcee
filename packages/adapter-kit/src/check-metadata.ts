import { utf8Length } from '@holdfast/domain';
import { type OperationContext, StorageError } from '@holdfast/ports';

/** Most bytes of UTF-8 in all names and values together: what the narrowest backend (S3) takes. */
export const maximumMetadataBytes = 2_048;

const namePattern = /^[a-z0-9][a-z0-9_.-]*$/;

/** Names that adapters keep for themselves. */
const reservedPrefix = 'holdfast-';

/**
 * Checks an object's metadata: lower-case names that every backend can spell, values of valid Unicode
 * without control characters, 2 KiB together.
 *
 * @throws StorageError `invalid-argument` naming the field.
 */
export function checkMetadata(metadata: Readonly<Record<string, string>>, context: OperationContext): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    const reason = whyNotField(name, value);
    if (reason !== undefined) throw invalid(`The metadata field ${JSON.stringify(name)} ${reason}.`, context);
    bytes += utf8Length(name) + utf8Length(value);
  }
  if (bytes > maximumMetadataBytes) {
    throw invalid(`The metadata takes ${bytes} bytes; at most ${maximumMetadataBytes} are kept.`, context);
  }
}

function whyNotField(name: string, value: unknown): string | undefined {
  if (!namePattern.test(name)) return 'is not named by lower-case letters, digits, ".", "_" and "-"';
  if (name.startsWith(reservedPrefix)) return `begins with "${reservedPrefix}", which is reserved`;
  if (typeof value !== 'string' || !value.isWellFormed()) return 'is not a text of valid Unicode';
  if (/\p{Cc}/u.test(value)) return 'has a control character';
  return undefined;
}

function invalid(message: string, context: OperationContext): StorageError {
  return new StorageError({ ...context, code: 'invalid-argument', message });
}
