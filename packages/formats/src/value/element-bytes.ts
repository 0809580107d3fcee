import { type ElementData, type ElementType, elementLayout } from './element-type.ts';

/** The order of the bytes of a number. */
export type ByteOrder = 'little' | 'big';

/** The byte order of this machine. */
export const hostByteOrder: ByteOrder = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

/** The bytes that elements of a type and a number take, whole bytes where they are packed. */
export function elementBytes(type: ElementType, count: number): number {
  return Math.ceil((elementLayout(type).bits * count) / 8);
}

/** Makes the typed array for a number of elements. */
export function makeElements(type: ElementType, count: number): ElementData {
  const { array } = elementLayout(type);
  return new array(elementBytes(type, count) / array.BYTES_PER_ELEMENT);
}

/**
 * Elements from bytes: a view of the same memory where alignment and byte order allow it, else a copy.
 *
 * @param bytes Whole elements. A `Buffer` too, whose own `slice` copies nothing.
 */
export function elementsOfBytes(type: ElementType, bytes: Uint8Array, order: ByteOrder): ElementData {
  const { array } = elementLayout(type);
  const unit = array.BYTES_PER_ELEMENT;
  const isForeign = order !== hostByteOrder && swapUnit(type) > 1;
  const own = isForeign || bytes.byteOffset % unit !== 0 ? new Uint8Array(bytes) : bytes;
  if (isForeign) swapBytes(own, swapUnit(type));
  return new array(own.buffer, own.byteOffset, own.byteLength / unit);
}

/** The bytes of elements in a byte order: a view where it is that of this machine, else a copy. */
export function bytesOfElements(type: ElementType, data: ElementData, order: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (order === hostByteOrder || swapUnit(type) === 1) return bytes;
  const copy = new Uint8Array(bytes);
  swapBytes(copy, swapUnit(type));
  return copy;
}

/** The bytes whose order counts: those of one part of an element. */
export function swapUnit(type: ElementType): number {
  const { bits, lanes, array } = elementLayout(type);
  if (array.BYTES_PER_ELEMENT > 1 || bits <= 8) return array.BYTES_PER_ELEMENT;
  return type.startsWith('complex') ? lanes / 2 : lanes;
}

/** Reverses the bytes of each unit, in place. */
export function swapBytes(bytes: Uint8Array, unitBytes: number): void {
  for (let start = 0; start + unitBytes <= bytes.length; start += unitBytes) {
    for (let low = start, high = start + unitBytes - 1; low < high; low += 1, high -= 1) {
      const byte = bytes[low] ?? 0;
      bytes[low] = bytes[high] ?? 0;
      bytes[high] = byte;
    }
  }
}
