import { type SafetensorsExtent, headerReader, safetensorsError } from './safetensors-entry.ts';

/** The shortest entry, as in `"":{"dtype":"U8","shape":[],"data_offsets":[0,0]}`. */
const shortestEntryBytes = 48;

/** What is known of an entry beside its place. */
interface EntryFacts {
  readonly nameHash: number;
  readonly dtype: string;
  readonly elementCount: number;
  readonly begin: number;
  readonly end: number;
}

/** Where the entries of a header are, and what they cover, as numbers alone. */
export class EntryTable {
  readonly dtypes: Set<string> = new Set();
  readonly #header: Uint8Array;
  readonly #extent: SafetensorsExtent;
  #offsets: Uint32Array;
  #nameHashes: Uint32Array;
  #begins: Float64Array;
  #ends: Float64Array;
  #count = 0;
  #elementCount = 0;
  #isInOrder = true;

  constructor(header: Uint8Array, extent: SafetensorsExtent) {
    const capacity = Math.ceil(header.byteLength / shortestEntryBytes) + 1;
    this.#header = header;
    this.#extent = extent;
    this.#offsets = new Uint32Array(capacity);
    this.#nameHashes = new Uint32Array(capacity);
    this.#begins = new Float64Array(capacity);
    this.#ends = new Float64Array(capacity);
  }

  /** Number of elements of all entries together. */
  get elementCount(): number {
    return this.#elementCount;
  }

  /** Where in the header the names begin, in the order of the data once they are checked. */
  get offsets(): Uint32Array {
    return this.#offsets.slice(0, this.#count);
  }

  /** @param offset Where in the header its name begins. */
  add(offset: number, { nameHash, dtype, elementCount, begin, end }: EntryFacts): void {
    const last = this.#count - 1;
    const [lastBegin, lastEnd] = last < 0 ? [0, 0] : [this.#begins[last] ?? 0, this.#ends[last] ?? 0];
    if (begin < lastBegin || (begin === lastBegin && end < lastEnd)) this.#isInOrder = false;
    this.#offsets[this.#count] = offset;
    this.#nameHashes[this.#count] = nameHash;
    this.#begins[this.#count] = begin;
    this.#ends[this.#count] = end;
    this.#count += 1;
    this.#elementCount += elementCount;
    this.dtypes.add(dtype);
  }

  /**
   * Brings the entries into the order of their data, and checks that names are unique and that the data covers the
   * rest of the file without hole or overlap.
   *
   * @throws FormatError with the offset in the file.
   */
  check(): void {
    this.#checkNames();
    if (!this.#isInOrder) this.#sort();
    this.#checkCoverage();
    this.#nameHashes = new Uint32Array(0);
    this.#begins = new Float64Array(0);
    this.#ends = new Float64Array(0);
  }

  #checkNames(): void {
    const sorted = this.#nameHashes.subarray(0, this.#count).toSorted();
    const shared = new Set<number>();
    for (let index = 1; index < sorted.length; index += 1)
      if (sorted[index] === sorted[index - 1]) shared.add(sorted[index] ?? 0);
    if (shared.size === 0) return;
    const names = new Set<string>();
    const reader = headerReader(this.#header, this.#extent);
    for (let index = 0; index < this.#count; index += 1) {
      if (!shared.has(this.#nameHashes[index] ?? 0)) continue;
      const offset = this.#offsets[index] ?? 0;
      reader.moveTo(offset);
      const name = reader.key();
      if (names.has(name)) reader.fail(`the key ${JSON.stringify(name.slice(0, 80))} is given twice`, offset);
      names.add(name);
    }
  }

  #sort(): void {
    const [begins, ends] = [this.#begins, this.#ends];
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index).toSorted(
      (a, b) => (begins[a] ?? 0) - (begins[b] ?? 0) || (ends[a] ?? 0) - (ends[b] ?? 0),
    );
    this.#offsets = order.map((index) => this.#offsets[index] ?? 0);
    this.#begins = Float64Array.from(order, (index) => begins[index] ?? 0);
    this.#ends = Float64Array.from(order, (index) => ends[index] ?? 0);
  }

  #checkCoverage(): void {
    const { headerStart, dataStart, fileSizeBytes } = this.#extent;
    let covered = 0;
    for (let index = 0; index < this.#count; index += 1) {
      const begin = this.#begins[index] ?? 0;
      if (begin !== covered) {
        const offset = this.#offsets[index] ?? 0;
        const reader = headerReader(this.#header, this.#extent);
        reader.moveTo(offset);
        const fault = begin > covered ? 'there is a hole before' : 'another tensor overlaps';
        const name = JSON.stringify(reader.key().slice(0, 80));
        throw safetensorsError(`${fault} the data of tensor ${name}`, headerStart + offset);
      }
      covered = this.#ends[index] ?? 0;
    }
    const dataBytes = fileSizeBytes - dataStart;
    if (covered > dataBytes)
      throw safetensorsError(`the data ends ${covered - dataBytes} bytes too early`, fileSizeBytes);
    if (covered < dataBytes)
      throw safetensorsError(
        `${dataBytes - covered} bytes follow that belong to no tensor`,
        dataStart + covered,
      );
  }
}
