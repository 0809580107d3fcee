import { concatenateBytes } from '../source/concatenate-bytes.ts';

const textEncoder = new TextEncoder();

/**
 * Writes one protobuf message, field by field, in the order of the calls.
 *
 * @see https://protobuf.dev/programming-guides/encoding for the wire format
 */
export class ProtobufWriter {
  readonly #pieces: Uint8Array[] = [];

  /** A whole number; a negative one takes ten bytes, as `int64` does. */
  integer(field: number, value: number | bigint): this {
    this.#pieces.push(varint(BigInt(field) * 8n), varint(BigInt(value)));
    return this;
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#pieces.push(varint(BigInt(field) * 8n + 5n), bytes);
    return this;
  }

  /** Bytes. */
  bytes(field: number, value: Uint8Array): this {
    this.#pieces.push(varint(BigInt(field) * 8n + 2n), varint(BigInt(value.byteLength)), value);
    return this;
  }

  /** A text, as UTF-8. */
  text(field: number, value: string): this {
    return this.bytes(field, textEncoder.encode(value));
  }

  /** A message within this one. */
  message(field: number, write: (writer: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  /** Whole numbers in packed form; nothing for none. */
  packedIntegers(field: number, values: readonly (number | bigint)[]): this {
    if (values.length === 0) return this;
    return this.bytes(field, concatenateBytes(values.map((value) => varint(BigInt(value)))));
  }

  /** The message. */
  finish(): Uint8Array {
    return concatenateBytes(this.#pieces);
  }
}

function varint(value: bigint): Uint8Array {
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
