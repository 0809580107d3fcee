import { safetensorsDtypes } from './safetensors-dtype.ts';
import type { SafetensorsEntry } from './safetensors-entry.ts';

const dtypeNames = [...safetensorsDtypes.keys()];
const dtypeBits = [...safetensorsDtypes.values()].map(({ bitsPerElement }) => bitsPerElement);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const afterName = encoder.encode('{"dtype":"');
const afterDtype = encoder.encode(',"shape":[');
const afterShape = encoder.encode(',"data_offsets":[');
const mostDigits = 15;

/**
 * Reads entries of a safetensors header as its libraries write them, without making a string of anything: plain names,
 * the three fields in their order. What is written otherwise, or is wrong, it leaves to a reader of JSON.
 */
export class EntryScanner {
  readonly #bytes: Uint8Array;
  #at = 0;
  #hash = 0;
  #dtype = 0;
  #elementCount = 0;
  #begin = 0;
  #end = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #shapeStart = 0;
  #shapeEnd = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Behind the entry that was scanned. */
  get position(): number {
    return this.#at;
  }
  /** A hash of the name, as {@link hashOfName} makes it. */
  get nameHash(): number {
    return this.#hash;
  }
  get dtype(): string {
    return dtypeNames[this.#dtype] ?? '';
  }
  get elementCount(): number {
    return this.#elementCount;
  }
  get begin(): number {
    return this.#begin;
  }
  get end(): number {
    return this.#end;
  }

  /** The bytes of the name, without its quotation marks. */
  get name(): Uint8Array {
    return this.#bytes.subarray(this.#nameStart, this.#nameEnd);
  }
  /** The bytes of the extents, without their brackets. */
  get shape(): Uint8Array {
    return this.#bytes.subarray(this.#shapeStart, this.#shapeEnd);
  }

  /** Whether a whole and valid entry begins here, with the quotation mark of its name. */
  scan(start: number): boolean {
    return (
      this.#scanName(start) &&
      this.#scanDtype() &&
      this.#scanShape() &&
      this.#scanOffsets() &&
      this.#isSized()
    );
  }

  /** The entry that was scanned, as an object. */
  entry(): SafetensorsEntry {
    const shape: number[] = [];
    const end = this.#at;
    this.#at = this.skipSpace(this.#shapeStart);
    while (this.#at < this.#shapeEnd) {
      shape.push(this.#integer());
      if (this.#at < this.#shapeEnd) this.#at = this.skipSpace(this.#at + 1);
    }
    this.#at = end;
    return { name: decoder.decode(this.name), dtype: this.dtype, shape, begin: this.#begin, end: this.#end };
  }

  /** Skips white space; returns the byte behind it. */
  skipSpace(position: number): number {
    let at = position;
    for (let byte = this.#bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;)
      byte = this.#bytes[(at += 1)];
    return at;
  }

  #scanName(start: number): boolean {
    const bytes = this.#bytes;
    if (bytes[start] !== 0x22) return false;
    let at = start + 1;
    let hash = hashSeed;
    for (let byte = bytes[at]; byte !== 0x22; byte = bytes[(at += 1)]) {
      if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === 0x5c) return false;
      hash = Math.imul(hash ^ byte, hashFactor);
    }
    this.#hash = hash >>> 0;
    this.#nameStart = start + 1;
    this.#nameEnd = at;
    // `__metadata__` is no tensor.
    if (bytes[start + 1] === 0x5f && bytes[start + 2] === 0x5f) return false;
    at = this.skipSpace(at + 1);
    if (bytes[at] !== 0x3a) return false;
    this.#at = this.skipSpace(at + 1);
    return true;
  }

  #scanDtype(): boolean {
    if (!this.#skip(afterName)) return false;
    // Neighbours mostly have the same type.
    if (!this.#isDtype(this.#dtype)) this.#dtype = dtypeNames.findIndex((_, dtype) => this.#isDtype(dtype));
    const name = dtypeNames[this.#dtype];
    if (name === undefined) return false;
    this.#at += name.length + 1;
    return true;
  }

  /** Whether the name of this type and a quotation mark are next. */
  #isDtype(dtype: number): boolean {
    const name = dtypeNames[dtype];
    if (name === undefined || this.#bytes[this.#at + name.length] !== 0x22) return false;
    for (let index = 0; index < name.length; index += 1)
      if (this.#bytes[this.#at + index] !== name.charCodeAt(index)) return false;
    return true;
  }

  #scanShape(): boolean {
    if (!this.#skip(afterDtype)) return false;
    this.#elementCount = 1;
    this.#shapeStart = this.#at;
    this.#at = this.skipSpace(this.#at);
    for (let isFirst = true; this.#bytes[this.#at] !== 0x5d; isFirst = false) {
      if (!isFirst && this.#bytes[this.#at] !== 0x2c) return false;
      if (!isFirst) this.#at = this.skipSpace(this.#at + 1);
      const extent = this.#integer();
      this.#elementCount *= extent;
      if (extent < 0 || !Number.isSafeInteger(this.#elementCount)) return false;
    }
    this.#shapeEnd = this.#at;
    this.#at += 1;
    return true;
  }

  #scanOffsets(): boolean {
    if (!this.#skip(afterShape)) return false;
    this.#at = this.skipSpace(this.#at);
    this.#begin = this.#integer();
    if (this.#begin < 0 || this.#bytes[this.#at] !== 0x2c) return false;
    this.#at = this.skipSpace(this.#at + 1);
    this.#end = this.#integer();
    if (this.#end < 0 || this.#bytes[this.#at] !== 0x5d) return false;
    this.#at = this.skipSpace(this.#at + 1);
    if (this.#bytes[this.#at] !== 0x7d) return false;
    this.#at += 1;
    return true;
  }

  #isSized(): boolean {
    const bits = this.#elementCount * (dtypeBits[this.#dtype] ?? 0);
    return Number.isSafeInteger(bits) && bits % 8 === 0 && bits / 8 === this.#end - this.#begin;
  }

  /** Skips these characters and the white space between them. */
  #skip(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    let isInString = false;
    for (let index = 0; index < expected.length; index += 1) {
      const character = expected[index];
      if (bytes[at] !== character && !isInString) at = this.skipSpace(at);
      if (bytes[at] !== character) return false;
      at += 1;
      if (character === 0x22) isInString = !isInString;
    }
    this.#at = at;
    return true;
  }

  /** A whole number from 0 up, and the white space after it; -1 where none is written. */
  #integer(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let value = 0;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[at] ?? 0) {
      value = value * 10 + byte - 0x30;
      at += 1;
    }
    const digits = at - start;
    if (digits === 0 || digits > mostDigits || (digits > 1 && bytes[start] === 0x30)) return -1;
    this.#at = this.skipSpace(at);
    return value;
  }
}

const hashSeed = 0x81_1c_9d_c5;
const hashFactor = 0x01_00_01_93;

/** FNV-1a of 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/) over the name in UTF-8: equal names have equal ones. */
export function hashOfName(name: string): number {
  let hash = hashSeed;
  for (const byte of encoder.encode(name)) hash = Math.imul(hash ^ byte, hashFactor);
  return hash >>> 0;
}
