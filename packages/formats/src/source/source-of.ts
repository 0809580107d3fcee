import { InvalidValueError } from '@holdfast/domain';
import { tagOf, whatIs } from '../what-is.ts';
import type { ByteInput, ByteRangeSource } from './byte-range-source.ts';
import { bytesSource } from './bytes-source.ts';

const pathHint =
  "A path is not opened here: FileRangeSource.open(path) of '@holdfast/storage' makes a source of a file.";
const bufferHint = 'Wrap it: new Uint8Array(buffer).';

/**
 * The source of what a reader of values was given.
 *
 * @param options The settings of the reader, which are checked with it.
 * @throws InvalidValueError for an input that is neither bytes nor a source, and for settings of another type.
 */
export function sourceOf(input: ByteInput, options: object = {}): ByteRangeSource {
  checkOptions(options);
  if (isBytes(input)) return bytesSource(input);
  const { sizeBytes, read } = (input ?? {}) as { readonly [K in keyof ByteRangeSource]?: unknown };
  if (typeof read === 'function' && Number.isSafeInteger(sizeBytes) && Number(sizeBytes) >= 0) return input;
  throw new InvalidValueError({
    field: 'input',
    value: whatIs(input),
    reason: 'must be bytes (a Uint8Array), or a source with sizeBytes and read(offset, length)',
    ...hintFor(input),
  });
}

/** Whether something is bytes, also those of another realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

function hintFor(input: unknown): { readonly hint?: string } {
  if (typeof input === 'string') return { hint: pathHint };
  if (input instanceof Promise) return { hint: 'It is a promise: await it first.' };
  return input instanceof ArrayBuffer || input instanceof SharedArrayBuffer ? { hint: bufferHint } : {};
}

function checkOptions(options: object): void {
  const given: unknown = options;
  const refuse = (field: string, value: unknown, reason: string): never => {
    throw new InvalidValueError({ field, value: whatIs(value), reason });
  };
  if (typeof given !== 'object' || given === null) return refuse('options', given, 'must be an object');
  const { inflate, limitBytes, signal } = given as { readonly [name: string]: unknown };
  if (inflate !== undefined && typeof inflate !== 'function')
    refuse('inflate', inflate, "must be a function, such as inflate of '@holdfast/registry'");
  if (limitBytes !== undefined && !(typeof limitBytes === 'number' && limitBytes >= 0))
    refuse('limitBytes', limitBytes, 'must be a number of bytes');
  if (signal !== undefined && !(typeof signal === 'object' && signal !== null && 'throwIfAborted' in signal))
    refuse('signal', signal, 'must be an AbortSignal');
}
