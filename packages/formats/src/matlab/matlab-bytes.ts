import type { FormatError } from '../format-error.ts';
import { latin1Text } from '../source/latin1-text.ts';
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
  #variable: string;
  readonly #view: DataView;

  /** @param view Of memory that begins where the bytes do, if there is one already. */
  constructor(bytes: Uint8Array, place: MatlabPlace, view?: DataView) {
    this.bytes = bytes;
    this.#place = place;
    this.#variable = place.variable;
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** These bytes, with the variable that they turned out to belong to. */
  of(variable: string): this {
    this.#variable = variable;
    return this;
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
      throw this.error(`a data element of type ${element.type} is in the place of numbers`, element.at);
    const width = elementLayout(type).bits / 8;
    if (element.sizeBytes % width !== 0)
      throw this.error(`${element.sizeBytes} bytes are not a whole number of ${type} values`, element.at);
    return { type, data: elementsOfBytes(type, this.content(element), this.byteOrder) };
  }

  /** The content of an element of dimensions or lengths, none of them negative. */
  extents(element: MatlabElement): number[] {
    if (element.type !== miInt32 && element.type !== miUint32)
      throw this.error(`a data element of type ${element.type} is in the place of dimensions`, element.at);
    const { at, start, sizeBytes } = element;
    this.content(element);
    if (sizeBytes % 4 !== 0) throw this.error(`${sizeBytes} bytes are not a whole number of dimensions`, at);
    const extents: number[] = [];
    for (let index = 0; index < sizeBytes; index += 4) {
      const extent = this.uint32(start + index);
      if (extent > 0x7fff_ffff) throw this.error('a dimension is negative or too large', at);
      extents.push(extent);
    }
    return extents;
  }

  /** The content of an element of names. */
  name(element: MatlabElement): string {
    const bytes = this.content(element);
    if (element.type === miUtf8 && bytes.some((byte) => byte > 0x7f))
      throw this.error('a name has characters outside of ASCII', element.at);
    if (element.type !== miInt8 && element.type !== miUtf8)
      throw this.error(`a data element of type ${element.type} is in the place of a name`, element.at);
    return latin1Text(bytes);
  }

  /** An error at a place in these bytes. */
  error(reason: string, at: number): FormatError {
    const { offset, isInflated } = this.#place;
    const variable = this.#variable;
    const subject = variable === '' ? '' : `in variable ${JSON.stringify(variable.slice(0, 80))}, `;
    if (isInflated) return matlabError(`${subject}at byte ${at} of what was inflated, ${reason}`, offset);
    return matlabError(`${subject}${reason}`, offset + at);
  }
}
