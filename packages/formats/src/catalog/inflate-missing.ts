import type { SerializationFormat } from '@holdfast/domain';
import { FormatError } from '../format-error.ts';

/** The error for a value that is compressed where the caller passed no `inflate`: nothing is wrong with the file. */
export function inflateMissing(format: SerializationFormat, what: string, offset: number): FormatError {
  return new FormatError({
    format,
    offset,
    reason: `${what} is compressed, and the option inflate, which opens it, was not passed`,
    hint: "Pass { inflate }: @holdfast/registry exports one for Node, import { inflate } from '@holdfast/registry'.",
    isUnsupported: true,
  });
}
