import type { FormatError } from '../format-error.ts';
import { type ByteOrder, elementsOfBytes } from '../value/element-bytes.ts';
import { type ElementData, type ElementType, elementLayout } from '../value/element-type.ts';
import { matlabError } from './matlab-error.ts';
import { miInt32, miInt8, miUint32, miUtf8, storedTypes } from './matlab-types.ts';

/** One data element: a type, and where its content is. */
export interface MatlabElement {
  readonly type: number;
  /** Of the tag. */
  readonly at: number;
  readonly start: number;
  readonly sizeBytes: number;
  /** Where the next element begins. */
  readonly next: number;
}

/** What bytes belong to. */
export interface MatlabPlace {
  readonly byteOrder: ByteOrder;
  /** Offset in the file of the first byte, or of the compressed element that they were inflated from. */
  readonly offset: number;
  readonly isInflated: boolean;
  /** The variable, for errors; empty while it is unknown. */
  readonly variable: string;
}

/** Bytes of a MATLAB file of version 5 to 7, or of an element that was inflated, as data elements. */
export class MatlabBytes {
  readonly bytes: Uint8Array;
  readonly #place: MatlabPlace;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, place: MatlabPlace) {
    this.bytes = bytes;
    this.#place = place;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get byteOrder(): ByteOrder {
    return this.#place.byteOrder;
  }

  /** An unsigned integer of 32 bits. */
  uint32(at: number): number {
    return this.#view.getUint32(at, this.byteOrder === 'little');
  }

  /**
   * The element at a place.
   *
   * @param end Where what it belongs to ends; the bytes here may end earlier.
   */
  element(at: number, end: number): MatlabElement {
    if (at + 8 > end || at + 8 > this.bytes.length) throw this.error('a data element is missing', at);
    const word = this.uint32(at);
    const smallBytes = word >>> 16;
    if (smallBytes > 4) throw this.error(`a small data element claims ${smallBytes} bytes; it has 4`, at);
    if (smallBytes !== 0)
      return { type: word & 0xffff, at, start: at + 4, sizeBytes: smallBytes, next: at + 8 };
    const sizeBytes = this.uint32(at + 4);
    const start = at + 8;
    if (start + sizeBytes > end) {
      const there = end - start;
      throw this.error(`a data element claims ${sizeBytes} bytes where ${there} are left`, at);
    }
    return { type: word, at, start, sizeBytes, next: Math.min(end, start + Math.ceil(sizeBytes / 8) * 8) };
  }

  /** The content of an element. */
  content({ at, start, sizeBytes }: MatlabElement): Uint8Array {
    if (start + sizeBytes > this.bytes.length) throw this.error('a data element reaches past the end', at);
    return this.bytes.subarray(start, start + sizeBytes);
  }

  /** The content of an element of numbers, of whatever type it is stored in. */
  numbers(element: MatlabElement): { readonly type: ElementType; readonly data: ElementData } {
    const type = storedTypes.get(element.type);
    if (type === undefined)
      throw this.error(`a data element of type ${element.type} stands where numbers are due`, element.at);
    const width = elementLayout(type).bits / 8;
    if (element.sizeBytes % width !== 0)
      throw this.error(`${element.sizeBytes} bytes are no whole number of ${type} values`, element.at);
    return { type, data: elementsOfBytes(type, this.content(element), this.byteOrder) };
  }

  /** The content of an element of dimensions or lengths, none of them negative. */
  extents(element: MatlabElement): number[] {
    if (element.type !== miInt32 && element.type !== miUint32)
      throw this.error(`a data element of type ${element.type} stands where dimensions are due`, element.at);
    const extents = Array.from(this.numbers(element).data as Int32Array | Uint32Array);
    if (extents.some((extent) => extent < 0 || extent > 0x7fff_ffff))
      throw this.error('a dimension is negative or too large', element.at);
    return extents;
  }

  /** The content of an element of names. */
  name(element: MatlabElement): string {
    const bytes = this.content(element);
    let name = '';
    for (const byte of bytes) {
      if (element.type === miUtf8 && byte > 0x7f)
        throw this.error('a name has characters outside of ASCII', element.at);
      name += String.fromCharCode(byte);
    }
    if (element.type !== miInt8 && element.type !== miUtf8)
      throw this.error(`a data element of type ${element.type} stands where a name is due`, element.at);
    return name;
  }

  /** An error at a place in these bytes. */
  error(reason: string, at: number): FormatError {
    const { offset, isInflated, variable } = this.#place;
    const subject = variable === '' ? '' : `in variable ${JSON.stringify(variable.slice(0, 80))}, `;
    if (isInflated) return matlabError(`${subject}at byte ${at} of what was inflated, ${reason}`, offset);
    return matlabError(`${subject}${reason}`, offset + at);
  }
}
