import type { TensorDescription } from '../tensor/tensor-description.ts';
import { type TensorList, tensorsOfPage } from '../tensor/tensor-list.ts';
import { EntryScanner } from './entry-scanner.ts';
import { safetensorsDtypes } from './safetensors-dtype.ts';
import {
  type SafetensorsEntry,
  type SafetensorsExtent,
  headerReader,
  readSafetensorsEntry,
} from './safetensors-entry.ts';
import type { SafetensorsListParts } from './safetensors-list-parts.ts';
import { TextBuffer } from './text-buffer.ts';

/** The tensors of a header that was checked: its bytes, and where in them each entry begins. */
export class SafetensorsTensorList implements TensorList {
  readonly #header: Uint8Array;
  readonly #offsets: Uint32Array;
  readonly #extent: SafetensorsExtent;

  constructor(
    header: Uint8Array,
    { offsets, extent }: { readonly offsets: Uint32Array; readonly extent: SafetensorsExtent },
  ) {
    this.#header = header;
    this.#offsets = offsets;
    this.#extent = extent;
  }

  get count(): number {
    return this.#offsets.length;
  }

  *entries(): Iterable<TensorDescription> {
    const scanner = new EntryScanner(this.#header);
    for (const offset of this.#offsets)
      yield describe(scanner.scan(offset) ? scanner.entry() : this.#read(offset), this.#extent.dataStart);
  }

  /** Copied from the header byte by byte: as objects, 640,000 of them would take seconds. */
  *pages(): Iterable<Uint8Array> {
    const scanner = new EntryScanner(this.#header);
    const page = new TextBuffer();
    for (let start = 0; start < this.count; start += tensorsOfPage) {
      page.clear();
      for (const offset of this.#offsets.subarray(start, start + tensorsOfPage)) {
        page.text(page.isEmpty ? '[' : ',');
        if (scanner.scan(offset)) this.#print(scanner, page);
        else page.text(JSON.stringify(describe(this.#read(offset), this.#extent.dataStart)));
      }
      page.text(']');
      yield page.bytes;
    }
  }

  parts(): SafetensorsListParts {
    return { header: this.#header, offsets: this.#offsets, extent: this.#extent };
  }

  toJSON(): { readonly count: number } {
    return { count: this.count };
  }

  #print(scanner: EntryScanner, page: TextBuffer): void {
    const { dataStart } = this.#extent;
    page.text('{"name":"');
    page.copy(scanner.name);
    page.text(beforeShape.get(scanner.dtype) ?? '');
    page.copy(scanner.shape);
    page.text('],"byteRange":{"start":');
    page.integer(dataStart + scanner.begin);
    page.text(',"end":');
    page.integer(dataStart + scanner.end);
    page.text('}}');
  }

  #read(offset: number): SafetensorsEntry {
    const reader = headerReader(this.#header, this.#extent);
    reader.moveTo(offset);
    return readSafetensorsEntry(reader, {
      name: reader.key(),
      nameOffset: this.#extent.headerStart + offset,
    });
  }
}

const beforeShape: ReadonlyMap<string, string> = new Map(
  Array.from(safetensorsDtypes, ([dtype, { elementType }]) => [
    dtype,
    `","dtype":"${dtype}","elementType":"${elementType}","shape":[`,
  ]),
);

function describe(
  { name, dtype, shape, begin, end }: SafetensorsEntry,
  dataStart: number,
): TensorDescription {
  const { elementType = '' } = safetensorsDtypes.get(dtype) ?? {};
  return { name, dtype, elementType, shape, byteRange: { start: dataStart + begin, end: dataStart + end } };
}
