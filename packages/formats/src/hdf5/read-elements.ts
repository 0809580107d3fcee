import { product } from '../value/lazy-array.ts';
import { type Box, copyBox, intersection, stepsOf } from './hdf5-box.ts';
import {
  type ChunkForm,
  type ChunkMap,
  type ChunkPlace,
  chunkCoordinates,
  chunkNumber,
  gridOf,
} from './hdf5-chunk.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import { type Hdf5Filter, undoFilters } from './hdf5-filters.ts';
import type { Hdf5Layout } from './hdf5-layout.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { readChunkIndex } from './read-chunk-index.ts';
import type { Hdf5Space } from './read-dataspace.ts';

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
        throw hdf5Unsupported(
          'the dataset is virtual: its elements are in other datasets, which is not read',
          layout.at,
        );
      case 'compact':
        return this.#fromMemory(box, layout.bytes);
      case 'contiguous':
        return layout.address === undefined ? filled(sizeBytes, fill) : this.#fromFile(box, layout.address);
      case 'chunked':
        return this.#fromChunks(box, layout, filled(sizeBytes, fill));
    }
  }

  #fromMemory(box: Box, bytes: Uint8Array): Uint8Array {
    const { space, itemBytes, layout } = this.#plan;
    const dueBytes = product(space.shape) * itemBytes;
    if (bytes.length < dueBytes)
      throw hdf5Error(`a dataset has ${bytes.length} bytes where ${dueBytes} are due`, layout.at);
    const target = new Uint8Array(product(box.count) * itemBytes);
    const origin = space.shape.map(() => 0);
    const to = { bytes: target, shape: box.count, origin: box.start };
    copyBox({ bytes, shape: space.shape, origin }, to, { ...box, itemBytes });
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
    const { space, itemBytes, store } = this.#plan;
    if (layout.address === undefined) return target;
    const form = this.#form(layout, layout.address);
    this.#chunks ??= readChunkIndex(store, layout.index, form);
    const chunks = await this.#chunks;
    const grid = gridOf({ shape: space.shape, chunk: layout.chunk });
    for (const [number, place] of touched(chunks, { box, grid, chunk: layout.chunk })) {
      const origin = chunkCoordinates(grid, number).map(
        (coordinate, dimension) => coordinate * (layout.chunk[dimension] ?? 1),
      );
      const part = intersection(box, { start: origin, count: layout.chunk });
      if (part === undefined) continue;
      const bytes = await this.#chunk(place, form, isAtEdge(origin, form) && layout.arePlainAtEdges);
      const to = { bytes: target, shape: box.count, origin: box.start };
      copyBox({ bytes, shape: layout.chunk, origin }, to, { ...part, itemBytes });
    }
    return target;
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
  if (fill === undefined || fill.every((byte) => byte === 0)) return target;
  target.set(fill);
  for (let done = fill.length; done < sizeBytes; done *= 2)
    target.copyWithin(done, 0, Math.min(done, sizeBytes - done));
  return target;
}
