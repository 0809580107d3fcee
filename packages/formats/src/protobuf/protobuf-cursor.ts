import { DetailLimit } from '../detail-limit.ts';
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

const startGroup = 3;
const endGroup = 4;
const highestFieldNumber = 0x1fff_ffff;

/**
 * Walks protobuf messages in a file without loading them: what a visitor does not read is skipped.
 * A field that is written in another way than its reader expects counts as unknown and holds nothing, as in protobuf.
 * Throws {@link DetailLimit} for what protobuf allows and is not read here.
 *
 * @see https://protobuf.dev/programming-guides/encoding for the wire format
 */
export class ProtobufCursor {
  readonly #window: ByteWindow;
  readonly #errorOf: (failure: ProtobufFailure) => Error;
  #position = 0;
  readonly #cuts = new Set<string>();

  /** @param errorOf Makes the error to throw for a failure. */
  constructor(reader: BoundedReader, errorOf: (failure: ProtobufFailure) => Error) {
    this.#window = new ByteWindow(reader);
    this.#errorOf = errorOf;
  }

  /** What was described in less detail than the file has, as clauses. */
  get cuts(): readonly string[] {
    return [...this.#cuts];
  }

  /** Remembers that something was described in less detail than the file has. */
  cut(reason: string): void {
    this.#cuts.add(reason);
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
    if ('wireType' in extent && extent.wireType !== WireType.Bytes) return;
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
    if (field.wireType !== WireType.Bytes) return new Uint8Array(0);
    return this.#window.read(field.start, Math.min(field.end - field.start, limitBytes));
  }

  /** The text of a field of bytes: its beginning where it is longer than the limit, and what UTF-8 has not replaced. */
  async text(field: ProtobufField, limitBytes = 65_536): Promise<string> {
    const bytes = await this.bytes(field, limitBytes);
    const isCut = field.end - field.start > limitBytes;
    if (isCut) this.cut(`a text is longer than the ${limitBytes} bytes that are read of one`);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
    } catch {
      this.cut('a text is not valid UTF-8');
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    }
  }

  /** The whole numbers of a repeated field, packed or one by one. */
  async integers(field: ProtobufField, limit: number): Promise<number[]> {
    if (field.wireType === WireType.Varint) return [field.value];
    const bytes = await this.bytes(field, (limit + 1) * longestVarintBytes);
    const integers: number[] = [];
    let position = 0;
    while (position < bytes.length) {
      const varint = readVarint(bytes, position);
      if (varint === undefined) return this.fail('a list of numbers is malformed', field.start + position);
      if (integers.length === limit)
        throw new DetailLimit({ reason: `a list holds more than ${limit} numbers` });
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
    if (wireType === startGroup || wireType === endGroup)
      throw new DetailLimit({ reason: 'it holds a protobuf group, which is not read' });
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
