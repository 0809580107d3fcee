import { concatenateBytes } from '../source/concatenate-bytes.ts';

const batchItems = 1000;

/** Writes a pickle of protocol 2, opcode by opcode. It writes values and names; what a name means is its reader's. */
export class PickleWriter {
  readonly #pieces: Uint8Array[] = [Uint8Array.of(0x80, 2)];

  null(): this {
    return this.#opcode('N');
  }

  boolean(value: boolean): this {
    return this.#opcode(value ? '\x88' : '\x89');
  }

  /** A whole number as an integer, any other as a float. */
  number(value: number): this {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.integer(BigInt(value));
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, false);
    return this.#opcode('G', bytes);
  }

  integer(value: bigint): this {
    if (value >= 0n && value < 256n) return this.#opcode('K', Uint8Array.of(Number(value)));
    if (value >= -(2n ** 31n) && value < 2n ** 31n) return this.#opcode('J', word(Number(value)));
    const bytes: number[] = [];
    let rest = value;
    do {
      bytes.push(Number(rest & 0xffn));
      rest >>= 8n;
    } while (rest !== (((bytes.at(-1) ?? 0) & 0x80) === 0 ? 0n : -1n));
    return bytes.length < 256
      ? this.#opcode('\x8a', Uint8Array.of(bytes.length, ...bytes))
      : this.#opcode('\x8b', concatenateBytes([word(bytes.length), Uint8Array.from(bytes)]));
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.#opcode('X', word(bytes.length), bytes);
  }

  /** Bytes, in the way in which protocol 2 spells them: text that is encoded again. */
  bytes(value: Uint8Array): this {
    this.global('_codecs', 'encode');
    this.text(Array.from(value, (byte) => String.fromCharCode(byte)).join(''));
    return this.text('latin1').#opcode('\x86').call();
  }

  global(module: string, name: string): this {
    return this.#opcode('c', new TextEncoder().encode(`${module}\n${name}\n`));
  }

  /** Calls the name below with the tuple on top. */
  call(): this {
    return this.#opcode('R');
  }

  /** What the id on top refers to. */
  persistent(): this {
    return this.#opcode('Q');
  }

  tuple(write: () => void): this {
    this.#opcode('(');
    write();
    return this.#opcode('t');
  }

  /** A list of as many items, each written when its turn comes. */
  list<T>(items: Iterable<T>, write: (item: T) => void): this {
    return this.#filled(']e', items, write);
  }

  /** A dictionary of as many entries; `write` writes a key and a value. */
  dictionary<T>(entries: Iterable<T>, write: (entry: T) => void): this {
    return this.#filled('}u', entries, write);
  }

  /** The whole pickle. */
  finish(): Uint8Array {
    return concatenateBytes([...this.#pieces, Uint8Array.of(0x2e)]);
  }

  #filled<T>([empty = '', fill = '']: string, items: Iterable<T>, write: (item: T) => void): this {
    this.#opcode(empty);
    const all = [...items];
    for (let start = 0; start < all.length; start += batchItems) {
      this.#opcode('(');
      for (const item of all.slice(start, start + batchItems)) write(item);
      this.#opcode(fill);
    }
    return this;
  }

  #opcode(letter: string, ...argument: readonly Uint8Array[]): this {
    this.#pieces.push(Uint8Array.of(letter.charCodeAt(0)), ...argument);
    return this;
  }
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
