import type { SerializationFormat } from '@holdfast/domain';
import { FormatError } from '../format-error.ts';

/** An error in the zip archive that a format is kept in. */
export function zipError(format: SerializationFormat, reason: string, offset: number): FormatError {
  return new FormatError({
    format,
    offset,
    reason: `in the zip archive, ${reason}`,
    hint: 'The archive is cut short, damaged or made to mislead: fetch it again, or write it again.',
  });
}
