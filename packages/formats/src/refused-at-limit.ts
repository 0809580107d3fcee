import type { SerializationFormat } from '@holdfast/domain';
import { DetailLimit } from './detail-limit.ts';
import { FormatError } from './format-error.ts';

/** Reads values, which are read in full or not at all: what is beyond a limit, or not known, is refused. */
export async function refusedAtLimit<T>(format: SerializationFormat, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!DetailLimit.isInstance(error)) throw error;
    const hint = 'The file may be whole; it is not read here.';
    throw new FormatError({
      format,
      offset: 0,
      reason: error.reason,
      hint,
      cause: error,
      isUnsupported: true,
    });
  }
}
