import { InvalidValueError } from '@holdfast/domain';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { isBytes } from '../source/source-of.ts';
import { checkLazyArray } from '../value/check-lazy-value.ts';
import { checkShape, checkText } from '../value/check-value.ts';
import type { LazyArray, PiecesOptions } from '../value/lazy-value.ts';
import { entriesOf } from '../value/named-values.ts';
import { rowMajorPieces } from '../value/row-major-pieces.ts';
import { whatIs } from '../what-is.ts';
import { safetensorsDtypes, safetensorsTypeOf } from './safetensors-dtype.ts';

/** A tensor to write. */
export interface SafetensorsTensor {
  /** Unique; not `__metadata__`. */
  readonly name: string;
  /** Such as `F32`, `I64`, `BF16`. */
  readonly dtype: string;
  /** Extent of each dimension, slowest first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Little-endian, row-major, exactly as long as the shape needs. */
  readonly data: Uint8Array;
}

type Metadata = { readonly [key: string]: string } | undefined;

/** What goes into a safetensors file. */
export interface SafetensorsContent {
  readonly tensors: readonly SafetensorsTensor[];
  readonly metadata?: { readonly [key: string]: string };
}

/** What goes into a safetensors file, to be read when it is written. */
export interface LazySafetensorsContent {
  readonly tensors: readonly LazyArray[];
  readonly metadata?: { readonly [key: string]: string } | undefined;
}

/** A tensor without its data. */
type Described = Pick<SafetensorsTensor, 'name' | 'dtype' | 'shape'> & { readonly sizeBytes: number };

/** The key of the metadata, which no tensor can have. */
export const metadataName = '__metadata__';
const headerAlignmentBytes = 8;
const lengthFieldBytes = 8;

/**
 * Writes a safetensors file. The same content gives the same bytes: tensors are laid out with the
 * widest elements first and then by name, so that each is aligned to its element.
 *
 * @throws InvalidValueError for a name given twice, an unknown dtype, or data of the wrong length.
 * @see https://huggingface.co/docs/safetensors for the format
 */
export function encodeSafetensors(content: SafetensorsContent): Uint8Array {
  checkContent(content);
  const described = content.tensors.map((tensor, index) => {
    const { data } = tensor ?? {};
    if (isBytes(data)) return { ...tensor, sizeBytes: data.byteLength };
    return refuse(`tensors[${index}].data`, data, 'must be a Uint8Array');
  });
  const ordered = checkAndOrder(described);
  return concatenateBytes([encodeHeader(ordered, content.metadata), ...ordered.map(({ data }) => data)]);
}

/**
 * The pieces of the same file in order, each tensor read when its turn comes. A piece is lent: it is overwritten by the
 * next.
 *
 * @throws InvalidValueError for a name given twice, or an element type that safetensors does not have.
 */
export async function* safetensorsPieces(
  content: LazySafetensorsContent,
  options: PiecesOptions = {},
): AsyncGenerator<Uint8Array> {
  checkContent(content);
  const described = content.tensors.map((tensor, index) => {
    checkLazyArray(tensor, `tensors[${index}]`);
    const { name, shape, sizeBytes = 0 } = tensor;
    return { name, shape, sizeBytes, dtype: safetensorsTypeOf(tensor.dtype) ?? tensor.dtype, tensor };
  });
  const ordered = checkAndOrder(described);
  yield encodeHeader(ordered, content.metadata);
  for (const { tensor } of ordered) yield* rowMajorPieces(tensor, options);
}

function checkAndOrder<T extends Described>(tensors: readonly T[]): T[] {
  const names = new Set<string>();
  for (const [index, tensor] of tensors.entries()) {
    checkText(tensor.name, `tensors[${index}].name`);
    checkTensor(tensor, names);
  }
  return tensors.toSorted((a, b) => bitsOf(b) - bitsOf(a) || (a.name < b.name ? -1 : 1));
}

/** The length of the header, and the header. */
function encodeHeader(tensors: readonly Described[], metadata: Metadata): Uint8Array {
  const members: string[] = [];
  if (metadata !== undefined) {
    const sorted = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
    members.push(
      `"${metadataName}":{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
    );
  }
  let begin = 0;
  for (const { name, dtype, shape, sizeBytes } of tensors) {
    const end = begin + sizeBytes;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
    begin = end;
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerBytes = Math.ceil(json.length / headerAlignmentBytes) * headerAlignmentBytes;
  const padded = new Uint8Array(lengthFieldBytes + headerBytes).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(headerBytes), true);
  padded.set(json, lengthFieldBytes);
  return padded;
}

function checkTensor({ name, dtype, shape, sizeBytes }: Described, names: Set<string>): void {
  const path = `tensors.${name}`;
  if (name === metadataName || names.has(name)) refuse(`${path}.name`, name, 'is reserved or given twice');
  if (!name.isWellFormed()) refuse(`${path}.name`, name, 'holds half of a surrogate pair');
  names.add(name);
  const bits =
    safetensorsDtypes.get(dtype)?.bitsPerElement ??
    refuse(`${path}.dtype`, dtype, 'is not a dtype of safetensors');
  const count = checkShape(shape, path);
  if (count * bits !== sizeBytes * 8)
    refuse(`${path}.data`, sizeBytes, `is not the ${(count * bits) / 8} bytes that the shape needs`);
}

function checkContent(content: SafetensorsContent | LazySafetensorsContent): void {
  const { tensors, metadata } = content ?? {};
  if (!Array.isArray(tensors)) refuse('tensors', tensors, 'must be an array of tensors');
  for (const [key, text] of entriesOf(metadata ?? {}, 'metadata')) checkText(text, `metadata.${key}`);
}

function refuse(field: string, value: unknown, reason: string): never {
  throw new InvalidValueError({ field, value: whatIs(value), reason });
}

function bitsOf({ dtype }: Described): number {
  return safetensorsDtypes.get(dtype)?.bitsPerElement ?? 0;
}
