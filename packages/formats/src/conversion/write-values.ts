import { InvalidValueError } from '@holdfast/domain';
import { hdf5Pieces } from '../hdf5/write/hdf5-pieces.ts';
import { matPieces } from '../matlab/encode-mat.ts';
import { npyPieces } from '../numpy/encode-npy.ts';
import { npzPieces } from '../numpy/encode-npz.ts';
import { torchPieces } from '../pytorch/encode-torch.ts';
import { safetensorsPieces } from '../safetensors/encode-safetensors.ts';
import type { Deflate } from '../source/deflate.ts';
import { checkLazyValue } from '../value/check-lazy-value.ts';
import { isLazyArray, type LazyArray, type LazyValue } from '../value/lazy-value.ts';
import { type LeaveOut, orLeftOut } from '../value/leave-out.ts';
import { readOrLeftOut } from '../value/read-or-left-out.ts';
import type { Lost, ValueGroup } from '../value/value-attribute.ts';
import type { Value } from '../value/value.ts';
import { whatIs } from '../what-is.ts';
import type { ValueFormat } from './open-values.ts';
import { isValueFormat, reasonAgainst } from './reason-against.ts';
import { reportLost } from './report-lost.ts';

/** Settings of {@link writeValues}. */
export interface WriteValuesOptions {
  /** Free text pairs: metadata of a safetensors file, attributes of the root of an HDF5 file; others have no place for them. */
  readonly metadata?: { readonly [key: string]: string } | undefined;
  /** Groups with attributes, which an HDF5 file gets; others have no place for them. */
  readonly groups?: readonly ValueGroup[] | undefined;
  /** Called with each attribute, tag and other part beside the elements that the format does not keep. */
  readonly onLost?: ((lost: Lost) => void) | undefined;
  /** Compresses what `.npz`, `.mat` and `.h5` files can have compressed. */
  readonly deflate?: Deflate | undefined;
  /** Called with each value that the format cannot hold, which is then left out. @default it is an error */
  readonly leaveOut?: LeaveOut | undefined;
  /** Gives up at the next read. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pieces of a file of a format with the given values, each read when its turn comes. A piece is lent: it is overwritten
 * by the next. A `.npy` file holds one value.
 *
 * @throws InvalidValueError for a name given twice, and for a value that the format cannot hold, unless it is left out;
 *   {@link reasonAgainst} finds most of them beforehand.
 */
export async function* writeValues(
  format: ValueFormat,
  values: readonly LazyValue[],
  options: WriteValuesOptions = {},
): AsyncGenerator<Uint8Array> {
  checkRequest(format, values);
  const kept: LazyValue[] = [];
  const names = new Set<string>();
  for (const [index, value] of values.entries()) {
    checkLazyValue(value, `values[${index}]`);
    if (names.has(value.name))
      throw new InvalidValueError({ field: 'name', value: value.name, reason: 'is given twice' });
    names.add(value.name);
    if (orLeftOut(value.name, () => check(format, value), options.leaveOut) !== undefined) kept.push(value);
  }
  const { onLost, metadata = {}, groups = [] } = options;
  if (onLost !== undefined) {
    for (const { name, lost = [] } of kept) for (const what of lost) onLost({ name, what });
    if (format !== 'hdf5') await reportLost(format, { values: kept, metadata, groups }, onLost);
  }
  yield* piecesOf(format, kept, options);
}

function checkRequest(format: ValueFormat, values: readonly LazyValue[]): void {
  const [field, value, reason] = isValueFormat(format)
    ? (['values', values, 'must be an array of values to be read'] as const)
    : (['format', format, 'must be a format whose values are written, such as matlab'] as const);
  if (field === 'format' || !Array.isArray(values))
    throw new InvalidValueError({ field, value: whatIs(value), reason });
}

function check(format: ValueFormat, value: LazyValue): LazyValue {
  const reason = reasonAgainst(format, value);
  if (reason === undefined) return value;
  throw new InvalidValueError({ field: value.name, value: value.typeText, reason });
}

function piecesOf(
  format: ValueFormat,
  values: readonly LazyValue[],
  options: WriteValuesOptions,
): AsyncIterable<Uint8Array> {
  const { metadata, deflate, leaveOut, signal } = options;
  switch (format) {
    case 'safetensors':
      return safetensorsPieces({ tensors: values.filter(isLazyArray), metadata }, { signal });
    case 'pytorch_state_dict': {
      const tensors = values.filter(isLazyArray).map((tensor): [string, LazyArray] => [tensor.name, tensor]);
      return torchPieces(new Map(tensors), { signal });
    }
    case 'hdf5':
      return hdf5Pieces(values, options);
    case 'numpy_archive':
      return npzPieces(readAll(values, options), { deflate, leaveOut });
    case 'matlab':
      return matPieces(readAll(values, options), { deflate, leaveOut });
    case 'numpy':
      return npyOf(values, signal);
  }
}

async function* readAll(
  values: readonly LazyValue[],
  options: WriteValuesOptions,
): AsyncGenerator<readonly [string, Value]> {
  for (const value of values) {
    const read = await readOrLeftOut(value, options);
    if (read !== undefined) yield [value.name, read];
  }
}

async function* npyOf(
  values: readonly LazyValue[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const [value, ...others] = values;
  if (value === undefined || others.length > 0)
    throw new InvalidValueError({
      field: 'values',
      value: values.length,
      reason: 'values do not fit in a .npy file, which holds one',
    });
  yield* npyPieces(await value.read({ signal }));
}
