import type { BoundedReader } from '../source/bounded-reader.ts';
import { ByteWindow } from '../source/byte-window.ts';
import { longestVarintBytes, readVarint } from './read-varint.ts';

/** How the value of a field is written, by its number on the wire. */
export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 } as const;

/** One field of a message: its tag is read, its value not yet. */
export interface ProtobufField {
  readonly number: number;
  readonly wireType: number;
  /** Offset of the tag in the file. */
  readonly tagOffset: number;
  /** Offset of the value in the file; for {@link WireType.Bytes} of its content, after the length. */
  readonly start: number;
  /** Offset after the value. */
  readonly end: number;
  /** Value of a varint as a signed 64-bit number; beyond 2^53 it is rounded. Otherwise 0. */
  readonly value: number;
}

/** Where and how bytes break the wire format. */
export interface ProtobufFailure {
  readonly offset: number;
  readonly reason: string;
  /** Whether the file ended before the field did. */
  readonly overrun: boolean;
  /** The field of bytes that reached too far, if it was one. */
  readonly field?: { readonly number: number; readonly start: number };
}

/** Bytes of a file that form a message. */
export interface ProtobufExtent {
  readonly start: number;
  readonly end: number;
}

const maximumFields = 5_000_000;
const highestFieldNumber = 0x1fff_ffff;

/**
 * Walks protobuf messages in a file without loading them: what a visitor does not read is skipped.
 *
 * @see https://protobuf.dev/programming-guides/encoding for the wire format
 */
export class ProtobufCursor {
  readonly #window: ByteWindow;
  readonly #errorOf: (failure: ProtobufFailure) => Error;
  #position = 0;
  #fieldCount = 0;

  /** @param errorOf Makes the error to throw for a failure. */
  constructor(reader: BoundedReader, errorOf: (failure: ProtobufFailure) => Error) {
    this.#window = new ByteWindow(reader);
    this.#errorOf = errorOf;
  }

  /** The size of the file, in bytes. */
  get sizeBytes(): number {
    return this.#window.sizeBytes;
  }

  /** Visits the fields of a message in the order of the file, until `visit` gives `false`. */
  async fields(
    extent: ProtobufField | ProtobufExtent,
    visit: (field: ProtobufField) => Promise<unknown> | boolean | void,
  ): Promise<void> {
    if ('wireType' in extent && extent.wireType !== WireType.Bytes)
      this.fail('a message is due', extent.tagOffset);
    let position = extent.start;
    while (position < extent.end) {
      this.#position = position;
      const headerBytes = 2 * longestVarintBytes;
      if (!this.#window.holds(position, headerBytes)) await this.#window.moveTo(position, headerBytes);
      const field = this.#field(extent.end);
      const outcome = visit(field);
      if (outcome === false) return;
      if (outcome instanceof Promise) await outcome;
      position = field.end;
    }
  }

  /** The content of a field of bytes, up to a limit. */
  async bytes(field: ProtobufField, limitBytes: number): Promise<Uint8Array> {
    if (field.wireType !== WireType.Bytes)
      return this.fail('a length-delimited value is due', field.tagOffset);
    return this.#window.read(field.start, Math.min(field.end - field.start, limitBytes));
  }

  /** The text of a field of bytes; it must be UTF-8 and no longer than the limit. */
  async text(field: ProtobufField, limitBytes = 65_536): Promise<string> {
    if (field.end - field.start > limitBytes)
      this.fail(`a text is longer than ${limitBytes} bytes`, field.start);
    const bytes = await this.bytes(field, limitBytes);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.fail('a text is not valid UTF-8', field.start);
    }
  }

  /** The whole numbers of a repeated field, packed or one by one. */
  async integers(field: ProtobufField, limit: number): Promise<number[]> {
    if (field.wireType === WireType.Varint) return [field.value];
    const bytes = await this.bytes(field, limit * longestVarintBytes);
    const integers: number[] = [];
    let position = 0;
    while (position < bytes.length) {
      const varint = readVarint(bytes, position);
      if (varint === undefined || integers.length === limit) {
        return this.fail('a list of numbers is malformed or too long', field.start + position);
      }
      integers.push(varint.value);
      position = varint.end;
    }
    return integers;
  }

  /** Throws for a reason at an offset. */
  fail(reason: string, offset: number): never {
    throw this.#errorOf({ offset, reason, overrun: false });
  }

  #field(messageEnd: number): ProtobufField {
    const tagOffset = this.#position;
    this.#fieldCount += 1;
    if (this.#fieldCount > maximumFields) this.fail(`there are more than ${maximumFields} fields`, tagOffset);
    const tag = this.#varint(messageEnd);
    const wireType = tag % 8;
    const number = Math.floor(tag / 8);
    if (number < 1 || number > highestFieldNumber) this.fail('a field has an impossible number', tagOffset);
    const valueOffset = this.#position;
    if (wireType === WireType.Varint) {
      const value = this.#varint(messageEnd);
      return { number, wireType, tagOffset, start: valueOffset, end: this.#position, value };
    }
    const length = this.#lengthOf(wireType, messageEnd);
    const start = this.#position;
    const end = start + length;
    if (end > messageEnd) this.#failPastEnd({ field: { number, start }, end, messageEnd, tagOffset });
    return { number, wireType, tagOffset, start, end, value: 0 };
  }

  #lengthOf(wireType: number, messageEnd: number): number {
    if (wireType === WireType.Fixed64) return 8;
    if (wireType === WireType.Fixed32) return 4;
    const offset = this.#position;
    if (wireType !== WireType.Bytes) return this.fail(`wire type ${wireType} is not in use`, offset);
    const length = this.#varint(messageEnd);
    return length >= 0 ? length : this.fail('a length is negative', offset);
  }

  #varint(messageEnd: number): number {
    const offset = this.#position;
    const varint = readVarint(this.#window.slice(offset, longestVarintBytes), 0);
    if (varint === undefined) {
      const overrun = this.sizeBytes - offset < longestVarintBytes;
      const reason = overrun ? 'the file ends within a number' : 'a number is longer than 64 bits';
      throw this.#errorOf({ offset: overrun ? this.sizeBytes : offset, reason, overrun });
    }
    this.#position = offset + varint.end;
    if (this.#position > messageEnd)
      this.#failPastEnd({ end: this.#position, messageEnd, tagOffset: offset });
    return varint.value;
  }

  #failPastEnd(place: {
    readonly field?: { readonly number: number; readonly start: number };
    readonly end: number;
    readonly messageEnd: number;
    readonly tagOffset: number;
  }): never {
    const { field, tagOffset } = place;
    const overrun = place.messageEnd === this.sizeBytes;
    const subject = field === undefined ? 'a number' : `field ${field.number} at byte ${tagOffset}`;
    throw this.#errorOf({
      offset: overrun ? this.sizeBytes : tagOffset,
      reason: overrun
        ? `${subject} reaches ${place.end - this.sizeBytes} bytes past the end of the file`
        : `${subject} reaches past the end of its message`,
      overrun,
      ...(field === undefined ? {} : { field }),
    });
  }
}
