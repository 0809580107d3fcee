const globalOpcode = 0x63;
const instanceOpcode = 0x69;
const stackGlobalOpcode = 0x93;
const memoizeOpcode = 0x94;
const putOpcodes: ReadonlyMap<number, 'binary' | 'text'> = new Map([
  [0x70, 'text'],
  [0x71, 'binary'],
  [0x72, 'binary'],
]);
const getOpcodes: ReadonlyMap<number, 'binary' | 'text'> = new Map([
  [0x67, 'text'],
  [0x68, 'binary'],
  [0x6a, 'binary'],
]);
const textOpcodes: ReadonlySet<number> = new Set([0x53, 0x54, 0x55, 0x56, 0x58, 0x8c, 0x8d]);
const longestNameBytes = 256;
const maximumMemo = 100_000;
const maximumNames = 1000;

/**
 * Follows which names a pickle would import. It is good enough to tell formats apart, and no
 * security check: a pickle made to mislead can hide names from it.
 */
export class GlobalNames {
  readonly #seen = new Set<string>();
  readonly #found: string[] = [];
  readonly #memo = new Map<number, string>();
  #memoIndex = 0;
  #lastTexts: readonly [string, string] = ['', ''];
  #pushed: string | undefined;

  /** The names so far, dotted, in order. */
  get found(): readonly string[] {
    return this.#found;
  }

  /** Takes note of one opcode and its argument. */
  observe(code: number, argument: Uint8Array): void {
    if (code === globalOpcode || code === instanceOpcode) this.#add(latin1(argument).replace('\n', '.'));
    else if (code === stackGlobalOpcode) this.#add(this.#lastTexts.join('.'));
    else if (textOpcodes.has(code)) this.#push(argument.length <= longestNameBytes ? latin1(argument) : '');
    else if (code === memoizeOpcode) this.#remember(this.#memoIndex);
    else if (putOpcodes.has(code)) this.#remember(indexOf(argument, putOpcodes.get(code)));
    else if (getOpcodes.has(code)) this.#push(this.#memo.get(indexOf(argument, getOpcodes.get(code))) ?? '');
    else this.#pushed = undefined;
  }

  #push(text: string): void {
    this.#lastTexts = [this.#lastTexts[1], text];
    this.#pushed = text;
  }

  #remember(index: number): void {
    this.#memoIndex += 1;
    if (this.#pushed !== undefined && this.#memo.size < maximumMemo) this.#memo.set(index, this.#pushed);
  }

  #add(name: string): void {
    this.#pushed = undefined;
    if (this.#seen.has(name) || this.#found.length === maximumNames) return;
    this.#seen.add(name);
    this.#found.push(name);
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 2 * longestNameBytes));
}

function indexOf(argument: Uint8Array, form: 'binary' | 'text' | undefined): number {
  if (form === 'text') return Number(latin1(argument));
  return argument.reduceRight((total, byte) => total * 256 + byte, 0);
}
