import { InvalidValueError } from '@holdfast/domain';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { safetensorsDtypes } from './safetensors-dtype.ts';

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

/** What goes into a safetensors file. */
export interface SafetensorsContent {
  readonly tensors: readonly SafetensorsTensor[];
  readonly metadata?: { readonly [key: string]: string };
}

const headerAlignmentBytes = 8;

/**
 * Writes a safetensors file. The same content gives the same bytes: tensors are laid out with the
 * widest elements first and then by name, so that each is aligned to its element.
 *
 * @throws InvalidValueError for a name given twice, an unknown dtype, or data of the wrong length.
 * @see https://huggingface.co/docs/safetensors for the format
 */
export function encodeSafetensors(content: SafetensorsContent): Uint8Array {
  const names = new Set<string>();
  for (const tensor of content.tensors) checkTensor(tensor, names);
  const ordered = content.tensors.toSorted((a, b) => bitsOf(b) - bitsOf(a) || (a.name < b.name ? -1 : 1));
  const header = encodeHeader(ordered, content.metadata);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return concatenateBytes([length, header, ...ordered.map((tensor) => tensor.data)]);
}

function encodeHeader(
  tensors: readonly SafetensorsTensor[],
  metadata: SafetensorsContent['metadata'],
): Uint8Array {
  const members: string[] = [];
  if (metadata !== undefined) {
    const sorted = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
    members.push(
      `"__metadata__":{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
    );
  }
  let begin = 0;
  for (const { name, dtype, shape, data } of tensors) {
    const end = begin + data.byteLength;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
    begin = end;
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const padded = new Uint8Array(Math.ceil(json.length / headerAlignmentBytes) * headerAlignmentBytes).fill(
    0x20,
  );
  padded.set(json);
  return padded;
}

function checkTensor(tensor: SafetensorsTensor, names: Set<string>): void {
  const { name, dtype, shape, data } = tensor;
  const refuse = (field: string, value: unknown, reason: string): never => {
    throw new InvalidValueError({ field: `tensors.${name}.${field}`, value, reason });
  };
  if (name === '__metadata__' || names.has(name)) refuse('name', name, 'is reserved or given twice');
  if (!name.isWellFormed()) refuse('name', name, 'holds half of a surrogate pair');
  names.add(name);
  const bits =
    safetensorsDtypes.get(dtype)?.bitsPerElement ?? refuse('dtype', dtype, 'is no dtype of safetensors');
  const count =
    shapeElementCount(shape) ?? refuse('shape', shape, 'has an extent or a product that is out of range');
  if (count * bits !== data.byteLength * 8) {
    refuse('data', data.byteLength, `is not the ${(count * bits) / 8} bytes that the shape needs`);
  }
}

function bitsOf(tensor: SafetensorsTensor): number {
  return safetensorsDtypes.get(tensor.dtype)?.bitsPerElement ?? 0;
}
