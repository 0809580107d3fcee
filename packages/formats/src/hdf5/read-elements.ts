import { product } from '../value/lazy-array.ts';
import { type Box, copyBox, fillElements, intersection, stepsOf } from './hdf5-box.ts';
import {
  type ChunkForm,
  type ChunkMap,
  type ChunkPlace,
  chunkCoordinates,
  chunkNumber,
  gridOf,
} from './hdf5-chunk.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import type { Hdf5Filter } from './hdf5-filters.ts';
import type { Hdf5Layout } from './hdf5-layout.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { readChunkIndex } from './read-chunk-index.ts';
import type { Hdf5Space } from './read-dataspace.ts';
import { undoFilters } from './undo-filters.ts';

/** What the elements of a dataset are read by. */
export interface ElementPlan {
  readonly store: Hdf5Store;
  readonly layout: Hdf5Layout;
  readonly space: Hdf5Space;
  readonly itemBytes: number;
  readonly filters: readonly Hdf5Filter[];
  /** The bytes of an element that was never written; `undefined` for zeros. */
  readonly fill: Uint8Array | undefined;
}

/** One chunk in the file, and the filters to undo, the last one first. */
export interface Hdf5StoredChunk {
  /** Offset in the file. */
  readonly offset: number;
  readonly storedBytes: number;
  readonly filters: readonly Hdf5Filter[];
}

/** Where the bytes of elements are. `fill` is an element that was never written; `undefined` where it is zeros. */
export type ElementPlaces =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'contiguous';
      /** Offset in the file; `undefined` where nothing was written. */
      readonly offset: number | undefined;
      readonly fill: Uint8Array | undefined;
    }
  | {
      readonly kind: 'chunked';
      readonly chunk: readonly number[];
      readonly chunkBytes: number;
      /** The number of chunks in each dimension. */
      readonly grid: readonly number[];
      /** The chunks that were written by their number in the grid, the last dimension fastest. */
      readonly chunks: ReadonlyMap<number, Hdf5StoredChunk>;
      readonly fill: Uint8Array | undefined;
    };

type ChunkedLayout = Extract<Hdf5Layout, { kind: 'chunked' }>;

/** Reads the bytes of elements: only the chunks and rows that a part of the dataset touches. */
export class ElementReader {
  readonly #plan: ElementPlan;
  #chunks: Promise<ChunkMap> | undefined;

  constructor(plan: ElementPlan) {
    this.#plan = plan;
  }

  /**
   * The elements of a box, the last dimension fastest, as they are stored.
   *
   * @throws FormatError when they are damaged, stored in a way that is not read, or larger than the limit.
   */
  async read(box: Box): Promise<Uint8Array> {
    const { store, layout, itemBytes, fill } = this.#plan;
    const sizeBytes = product(box.count) * itemBytes;
    if (sizeBytes > store.limitBytes)
      throw hdf5Unsupported(
        `a value of ${sizeBytes} bytes is above the limit of ${store.limitBytes}`,
        layout.at,
      );
    if (sizeBytes === 0) return new Uint8Array(0);
    switch (layout.kind) {
      case 'virtual':
        throw virtual(layout.at);
      case 'compact':
        return this.#fromMemory(box, layout.bytes);
      case 'contiguous':
        return layout.address === undefined ? filled(sizeBytes, fill) : this.#fromFile(box, layout.address);
      case 'chunked':
        return this.#fromChunks(box, layout, filled(sizeBytes, fill));
    }
  }

  #fromMemory(box: Box, bytes: Uint8Array): Uint8Array {
    const { space, itemBytes } = this.#plan;
    const target = new Uint8Array(product(box.count) * itemBytes);
    const origin = space.shape.map(() => 0);
    const to = { bytes: target, shape: box.count, origin: box.start };
    copyBox({ bytes: this.#memory(bytes), shape: space.shape, origin }, to, { ...box, itemBytes });
    return target;
  }

  /** Reads the rows of a box that follow each other in the file at once. */
  async #fromFile(box: Box, address: number): Promise<Uint8Array> {
    const { store, space, itemBytes } = this.#plan;
    const target = new Uint8Array(product(box.count) * itemBytes);
    const whole = wholeDimensions(box, space.shape);
    const steps = stepsOf(space.shape, itemBytes);
    const runBytes = product(box.count.slice(whole)) * itemBytes;
    const runs = box.count.slice(0, whole);
    for (let run = 0, at = 0; at < target.length; run += 1, at += runBytes) {
      const place = chunkCoordinates(runs, run);
      const offset = box.start.reduce(
        (sum, from, dimension) => sum + (from + (place[dimension] ?? 0)) * (steps[dimension] ?? 0),
        0,
      );
      await store.fill(address + offset, target.subarray(at, at + runBytes));
    }
    return target;
  }

  async #fromChunks(box: Box, layout: ChunkedLayout, target: Uint8Array): Promise<Uint8Array> {
    const { space, itemBytes } = this.#plan;
    if (layout.address === undefined) return target;
    const form = this.#form(layout, layout.address);
    const grid = gridOf({ shape: space.shape, chunk: layout.chunk });
    const chunks = await this.#chunksOf(box, layout, form);
    for (const [number, place] of touched(chunks, { box, grid, chunk: layout.chunk })) {
      const origin = originOf(grid, number, layout.chunk);
      const part = intersection(box, { start: origin, count: layout.chunk });
      if (part === undefined) continue;
      const bytes = await this.#chunk(place, form, isAtEdge(origin, form) && layout.arePlainAtEdges);
      const to = { bytes: target, shape: box.count, origin: box.start };
      copyBox({ bytes, shape: layout.chunk, origin }, to, { ...part, itemBytes });
    }
    return target;
  }

  /** The chunks of a box, and maybe more: the whole index is read for a large part of the dataset, and kept. */
  async #chunksOf(box: Box, { index }: ChunkedLayout, form: ChunkForm): Promise<ChunkMap> {
    const { store } = this.#plan;
    const last = box.start.map((from, dimension) => from + (box.count[dimension] ?? 1) - 1);
    const [first, end] = [box.start, last].map((corner) =>
      corner.map((place, dimension) => Math.floor(place / (form.chunk[dimension] ?? 1))),
    );
    const range = { first: first ?? [], last: end ?? [] };
    const wanted = product(range.last.map((place, dimension) => place - (range.first[dimension] ?? 0) + 1));
    if (this.#chunks === undefined && wanted * 4 < product(gridOf(form)))
      return readChunkIndex(store, index, { ...form, range });
    this.#chunks ??= readChunkIndex(store, index, form);
    return this.#chunks;
  }

  /** Where the bytes of elements are: the whole index of chunks is read. */
  async locate(): Promise<ElementPlaces> {
    const { store, layout, fill } = this.#plan;
    if (layout.kind === 'virtual') throw virtual(layout.at);
    if (layout.kind === 'compact') return { kind: 'memory', bytes: this.#memory(layout.bytes) };
    const address = layout.address;
    if (layout.kind === 'contiguous') {
      if (address !== undefined) store.check(address, this.#sizeBytes);
      return { kind: 'contiguous', offset: address && store.offsetOf(address), fill };
    }
    const { chunk, arePlainAtEdges } = layout;
    const form = this.#form(layout, address ?? 0);
    const found =
      address === undefined ? new Map() : await (this.#chunks ??= readChunkIndex(store, layout.index, form));
    const pipelines = pipelinesOf(form.filters);
    const grid = gridOf(form);
    const chunks = new Map<number, Hdf5StoredChunk>();
    for (const [number, { address: place, storedBytes, mask }] of found as ChunkMap) {
      store.check(place, storedBytes);
      const isPlain = arePlainAtEdges && isAtEdge(originOf(grid, number, chunk), form);
      chunks.set(number, {
        offset: store.offsetOf(place),
        storedBytes,
        filters: isPlain ? [] : pipelines(mask),
      });
    }
    return { kind: 'chunked', chunk, grid, chunkBytes: form.chunkBytes, chunks, fill };
  }

  get #sizeBytes(): number {
    return product(this.#plan.space.shape) * this.#plan.itemBytes;
  }

  /** The elements that a header holds itself. */
  #memory(bytes: Uint8Array): Uint8Array {
    const dueBytes = this.#sizeBytes;
    if (bytes.length >= dueBytes) return bytes.subarray(0, dueBytes);
    throw hdf5Error(`a dataset has ${bytes.length} bytes where ${dueBytes} are due`, this.#plan.layout.at);
  }

  #form(layout: ChunkedLayout, address: number): ChunkForm {
    const { space, itemBytes, filters, store } = this.#plan;
    const { chunk, at } = layout;
    const chunkBytes = product(chunk) * itemBytes;
    if (chunk.length !== space.shape.length)
      throw hdf5Error('chunks have other dimensions than their dataset', at);
    if (chunkBytes > store.limitBytes)
      throw hdf5Unsupported(`a chunk of ${chunkBytes} bytes is above the limit of ${store.limitBytes}`, at);
    return { ...space, address, chunk, chunkBytes, filters, at };
  }

  async #chunk(place: ChunkPlace, form: ChunkForm, isPlain: boolean): Promise<Uint8Array> {
    const { store, itemBytes } = this.#plan;
    const bytes = await store.data(place.address, place.storedBytes);
    const at = store.offsetOf(place.address);
    const chunk = { bytes, at, mask: place.mask, dueBytes: form.chunkBytes, itemBytes };
    return undoFilters(chunk, isPlain ? [] : form.filters, store.options);
  }
}

/** The chunks that a box touches: by their numbers, or out of all where those are fewer. */
function* touched(
  chunks: ChunkMap,
  {
    box,
    grid,
    chunk,
  }: { readonly box: Box; readonly grid: readonly number[]; readonly chunk: readonly number[] },
): Generator<[number, ChunkPlace]> {
  const first = box.start.map((from, dimension) => Math.floor(from / (chunk[dimension] ?? 1)));
  const counts = box.start.map(
    (from, dimension) =>
      Math.floor((from + (box.count[dimension] ?? 0) - 1) / (chunk[dimension] ?? 1)) -
      (first[dimension] ?? 0) +
      1,
  );
  const wanted = product(counts);
  if (wanted > chunks.size) {
    yield* chunks;
    return;
  }
  for (let index = 0; index < wanted; index += 1) {
    const place = chunkCoordinates(counts, index).map(
      (coordinate, dimension) => coordinate + (first[dimension] ?? 0),
    );
    const number = chunkNumber(grid, place);
    const found = number === undefined ? undefined : chunks.get(number);
    if (number !== undefined && found !== undefined) yield [number, found];
  }
}

/** The first element of the chunk with a number. */
function originOf(grid: readonly number[], number: number, chunk: readonly number[]): number[] {
  return chunkCoordinates(grid, number).map((coordinate, dimension) => coordinate * (chunk[dimension] ?? 1));
}

/** The filters that are left by a mask, one list for all chunks with the same. */
function pipelinesOf(filters: readonly Hdf5Filter[]): (mask: number) => readonly Hdf5Filter[] {
  const known = new Map<number, readonly Hdf5Filter[]>([[0, filters]]);
  return (mask) => {
    const left = known.get(mask) ?? filters.filter((_, index) => (mask & (1 << index)) === 0);
    known.set(mask, left);
    return left;
  };
}

function virtual(at: number): Error {
  return hdf5Unsupported('the dataset is virtual: its elements are in other datasets, which is not read', at);
}

function isAtEdge(origin: readonly number[], { shape, chunk }: ChunkForm): boolean {
  return origin.some((from, dimension) => from + (chunk[dimension] ?? 0) > (shape[dimension] ?? 0));
}

/** The first dimension from which on a run of the box follows itself in the file. */
function wholeDimensions({ count }: Box, shape: readonly number[]): number {
  let dimension = shape.length - 1;
  while (dimension > 0 && count[dimension] === shape[dimension]) dimension -= 1;
  return Math.max(0, dimension);
}

function filled(sizeBytes: number, fill: Uint8Array | undefined): Uint8Array {
  const target = new Uint8Array(sizeBytes);
  if (fill !== undefined) fillElements(target, fill);
  return target;
}
