import type { BoundedReader } from '../source/bounded-reader.ts';
import { ByteWindow } from '../source/byte-window.ts';
import { littleEndian } from './little-endian.ts';
import type { PickleMeaning } from './pickle-meaning.ts';
import { type PickleArgument, type PickleEffect, pickleOpcodes } from './pickle-opcodes.ts';
import { PickleStack } from './pickle-stack.ts';
import { runOpcode } from './run-opcode.ts';

/** How a pickle ended, and what it made. */
export interface PickleRun<V> {
  /**
   * `stopped` at the opcode that ends a pickle, `cut` where the file ends first, `broken` at
   * something that is no opcode or that no stack allows, `limited` after as much as is looked at,
   * `interrupted` where the handler asked for an end.
   */
  readonly outcome: 'stopped' | 'cut' | 'broken' | 'limited' | 'interrupted';
  /** Where it ended; behind the last opcode where it stopped. */
  readonly offset: number;
  /** As stated by the bytes; 0 for protocols 0 and 1, which state none. */
  readonly protocol: number;
  readonly opcodeCount: number;
  /** What is on top of the stack, where it stopped. */
  readonly value: V | undefined;
}

/** Settings of {@link runPickle}. */
export interface PickleRunOptions {
  /** Where the pickle begins. @default 0 */
  readonly start?: number | undefined;
  readonly mostOpcodes: number;
  /** Whether opcodes that make a container or an object count as several, for handlers that keep those. @default false */
  readonly isWeighed?: boolean | undefined;
  /** What is read of the content of one opcode; the rest is skipped. */
  readonly mostContentBytes: number;
}

/** One opcode with its argument. */
interface Decoded {
  readonly content: Uint8Array;
  readonly end: number;
}

const highestProtocol = 5;
const protocolOpcode = 0x80;
const popOpcode = 0x30;
const stopOpcode = 0x2e;
const longestLineBytes = 4096;

/**
 * Interprets the opcodes of a pickle: lengths, stack, marks and memo are kept as Python keeps them, and what they mean is
 * the handler's. No handler calls anything: what a pickle would import and call are names to it.
 *
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py for the opcodes
 */
export function runPickle<V>(
  reader: BoundedReader,
  handler: PickleMeaning<V>,
  options: PickleRunOptions,
): Promise<PickleRun<V>> {
  return new PickleMachine(reader, handler, options).run();
}

class PickleMachine<V> {
  readonly #window: ByteWindow;
  readonly #handler: PickleMeaning<V>;
  readonly #options: PickleRunOptions;
  readonly #stack: PickleStack<V>;
  #offset: number;
  #protocol = 0;
  #opcodeCount = 0;
  #weight = 0;

  constructor(reader: BoundedReader, handler: PickleMeaning<V>, options: PickleRunOptions) {
    this.#window = new ByteWindow(reader);
    this.#handler = handler;
    this.#options = options;
    this.#offset = options.start ?? 0;
    this.#stack = new PickleStack(handler);
  }

  async run(): Promise<PickleRun<V>> {
    for (;;) {
      if (!this.#window.holds(this.#offset, 16)) await this.#window.moveTo(this.#offset, 16);
      const code = this.#window.byteAt(this.#offset);
      if (this.#weight >= this.#options.mostOpcodes) return this.#end('limited');
      if (code === undefined) return this.#end('cut');
      const opcode = pickleOpcodes.get(code);
      if (opcode === undefined || !this.#allows(code, opcode.effect)) return this.#end('broken');
      const argument = this.#shortArgument(opcode.argument) ?? (await this.#argument(opcode.argument));
      if (typeof argument === 'string') return this.#end(argument);
      if (code === protocolOpcode && !this.#accepts(argument.content[0])) return this.#end('broken');
      const at = this.#offset;
      if (
        code !== stopOpcode &&
        !runOpcode({ code, at, content: argument.content }, this.#stack, this.#handler)
      )
        return this.#end('broken');
      this.#opcodeCount += 1;
      this.#weight += this.#options.isWeighed === true ? opcode.weight : 1;
      this.#offset = argument.end;
      if (code === stopOpcode) return this.#end('stopped');
      if (this.#handler.isInterrupted?.() === true) return this.#end('interrupted');
    }
  }

  #end(outcome: PickleRun<V>['outcome']): PickleRun<V> {
    const value = outcome === 'stopped' ? this.#stack.pop() : undefined;
    return { outcome, offset: this.#offset, protocol: this.#protocol, opcodeCount: this.#opcodeCount, value };
  }

  #accepts(protocol: number | undefined): boolean {
    this.#protocol = protocol ?? 0;
    return this.#protocol <= highestProtocol;
  }

  /** Whether the stack holds what an opcode takes. */
  #allows(code: number, { popsToMark, pops }: PickleEffect): boolean {
    if (code === popOpcode && this.#stack.hasMark) return true;
    if (popsToMark) return this.#stack.hasMark && this.#stack.countBelowMark >= pops;
    return this.#stack.count >= pops;
  }

  /** The argument, where the window holds it: no waiting. */
  #shortArgument(argument: PickleArgument): Decoded | undefined {
    const start = this.#offset + 1;
    if (argument.kind === 'lines') return undefined;
    const bytes = argument.kind === 'fixed' ? argument.bytes : argument.lengthBytes;
    if (!this.#window.holds(start, bytes) || start + bytes > this.#window.sizeBytes) return undefined;
    const content = this.#window.slice(start, bytes);
    if (argument.kind === 'fixed') return { content, end: start + bytes };
    const length = littleEndian(content);
    const end = start + bytes + length;
    const isHere = length <= this.#options.mostContentBytes && this.#window.holds(start + bytes, length);
    if (!isHere || end > this.#window.sizeBytes) return undefined;
    return { content: this.#window.slice(start + bytes, length), end };
  }

  async #argument(argument: PickleArgument): Promise<Decoded | 'cut' | 'broken'> {
    const start = this.#offset + 1;
    if (argument.kind === 'lines') return this.#lines(start, argument.lines);
    if (argument.kind === 'fixed') return this.#content(start, argument.bytes);
    const prefix = await this.#content(start, argument.lengthBytes);
    return prefix === 'cut' ? prefix : this.#content(prefix.end, littleEndian(prefix.content));
  }

  async #content(start: number, length: number): Promise<Decoded | 'cut'> {
    const end = start + length;
    if (end > this.#window.sizeBytes) {
      this.#offset = this.#window.sizeBytes;
      return 'cut';
    }
    return { content: await this.#window.read(start, Math.min(length, this.#options.mostContentBytes)), end };
  }

  async #lines(start: number, count: number): Promise<Decoded | 'cut' | 'broken'> {
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
