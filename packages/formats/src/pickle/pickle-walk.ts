import type { BoundedReader } from '../source/bounded-reader.ts';
import { ByteWindow } from '../source/byte-window.ts';
import { GlobalNames } from './global-names.ts';
import { type PickleArgument, type PickleEffect, pickleOpcodes } from './pickle-opcodes.ts';

/** How far a walk over pickle opcodes came. */
export interface PickleWalk {
  /**
   * `stopped` at the opcode that ends a pickle, `cut` where the file ends first, `broken` at
   * something that is no opcode, `limited` after as much as is looked at, `interleaved` where
   * joblib puts the data of arrays between opcodes.
   */
  readonly outcome: 'stopped' | 'cut' | 'broken' | 'limited' | 'interleaved';
  /** Where it ended. */
  readonly offset: number;
  /** As stated by the bytes; 0 for protocols 0 and 1, which state none. */
  readonly protocol: number;
  readonly opcodeCount: number;
  /** Dotted names of what the pickle would import, in order, without repetition. */
  readonly globals: readonly string[];
}

const highestProtocol = 5;
const maximumOpcodes = 200_000;
const longestLineBytes = 4096;
const protocolOpcode = 0x80;
const markOpcode = 0x28;
const popOpcode = 0x30;
const stopOpcode = 0x2e;
const arrayWrapper =
  /^joblib\.numpy_pickle(?:_compat)?\.(?:NumpyArrayWrapper|NDArrayWrapper|ZNDArrayWrapper)$/;

/**
 * Walks the opcodes of a pickle without executing any: it follows their lengths, keeps count of the
 * stack, and notes which names would be imported. At most 200,000 opcodes are looked at.
 */
export async function walkPickle(reader: BoundedReader): Promise<PickleWalk> {
  return new Walker(reader).walk();
}

class Walker {
  readonly #window: ByteWindow;
  readonly #names = new GlobalNames();
  readonly #marks: number[] = [];
  #depth = 0;
  #offset = 0;
  #protocol = 0;
  #opcodeCount = 0;

  constructor(reader: BoundedReader) {
    this.#window = new ByteWindow(reader);
  }

  async walk(): Promise<PickleWalk> {
    for (;;) {
      const outcome = await this.#step();
      if (outcome === undefined) continue;
      return {
        outcome,
        offset: this.#offset,
        protocol: this.#protocol,
        opcodeCount: this.#opcodeCount,
        globals: this.#names.found,
      };
    }
  }

  async #step(): Promise<PickleWalk['outcome'] | undefined> {
    if (this.#opcodeCount === maximumOpcodes) return 'limited';
    if (!this.#window.holds(this.#offset, 16)) await this.#window.moveTo(this.#offset, 16);
    const code = this.#window.byteAt(this.#offset);
    if (code === undefined) return 'cut';
    const opcode = pickleOpcodes.get(code);
    if (opcode === undefined || !this.#apply(code, opcode.effect)) return 'broken';
    const argument = await this.#argument(opcode.argument);
    if (typeof argument === 'string') return argument;
    if (code === protocolOpcode && !this.#accept(argument.content[0])) return 'broken';
    this.#names.observe(code, argument.content);
    this.#opcodeCount += 1;
    this.#offset = argument.end;
    if (code === stopOpcode) return 'stopped';
    return arrayWrapper.test(this.#names.found.at(-1) ?? '') ? 'interleaved' : undefined;
  }

  #accept(protocol: number | undefined): boolean {
    this.#protocol = protocol ?? 0;
    return this.#protocol <= highestProtocol;
  }

  #apply(code: number, effect: PickleEffect): boolean {
    if (code === markOpcode) {
      this.#marks.push(this.#depth);
      return this.#marks.length <= maximumOpcodes;
    }
    const lastMark = this.#marks.at(-1);
    if (effect.popsToMark || (code === popOpcode && lastMark === this.#depth)) {
      if (lastMark === undefined) return false;
      this.#marks.pop();
      this.#depth = lastMark;
      if (!effect.popsToMark) return true;
    }
    if (this.#depth - (this.#marks.at(-1) ?? 0) < effect.pops) return false;
    this.#depth += effect.pushes - effect.pops;
    return true;
  }

  async #argument(
    argument: PickleArgument,
  ): Promise<{ content: Uint8Array; end: number } | 'cut' | 'broken'> {
    const start = this.#offset + 1;
    if (argument.kind === 'lines') return this.#lines(start, argument.lines);
    if (argument.kind === 'fixed') return this.#content(start, argument.bytes);
    const prefix = await this.#content(start, argument.lengthBytes);
    if (typeof prefix === 'string') return prefix;
    const length = prefix.content.reduceRight((total, byte) => total * 256 + byte, 0);
    return this.#content(prefix.end, length);
  }

  async #content(start: number, length: number): Promise<{ content: Uint8Array; end: number } | 'cut'> {
    const end = start + length;
    if (end > this.#window.sizeBytes) {
      this.#offset = this.#window.sizeBytes;
      return 'cut';
    }
    return { content: await this.#window.read(start, Math.min(length, longestLineBytes)), end };
  }

  async #lines(
    start: number,
    count: number,
  ): Promise<{ content: Uint8Array; end: number } | 'cut' | 'broken'> {
    const bytes = await this.#window.read(start, longestLineBytes);
    let end = 0;
    for (let line = 0; line < count; line += 1) {
      const newline = bytes.indexOf(0x0a, end);
      if (newline === -1) return bytes.length < longestLineBytes ? 'cut' : 'broken';
      end = newline + 1;
    }
    return { content: bytes.subarray(0, end - 1), end: start + end };
  }
}
