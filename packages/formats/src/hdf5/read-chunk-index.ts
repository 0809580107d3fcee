import type { Hdf5Bytes } from './hdf5-bytes.ts';
import {
  type ChunkForm,
  type ChunkMap,
  type ChunkPlace,
  type ChunkRange,
  chunkNumber,
  compareCoordinates,
  gridOf,
  numberOfPosition,
  positionOf,
} from './hdf5-chunk.ts';
import { hdf5Error } from './hdf5-error.ts';
import type { Hdf5ChunkIndex } from './hdf5-layout.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { type ArrayRecord, type PositionRange, readExtensibleArray } from './read-extensible-array.ts';
import { readFixedArray } from './read-fixed-array.ts';
import { walkTree1 } from './walk-tree-1.ts';
import { walkTree2 } from './walk-tree-2.ts';

type Ranged = ChunkForm & { readonly range?: ChunkRange | undefined };

/** Finds the chunks of a dataset: all, or at least those of a range without reading parts of the index that lead elsewhere. */
export async function readChunkIndex(
  store: Hdf5Store,
  index: Hdf5ChunkIndex,
  form: Ranged,
): Promise<ChunkMap> {
  switch (index.kind) {
    case 'single': {
      const { storedBytes = form.chunkBytes, mask } = index;
      return new Map([[0, { address: form.address, storedBytes, mask }]]);
    }
    case 'implicit':
      return implicitChunks(store, form);
    case 'tree-1':
      return tree1Chunks(store, form);
    case 'tree-2':
      return tree2Chunks(store, form);
    case 'fixed-array':
      return arrayChunks(form, readFixedArray(store, form.address, positionsOf(form)));
    case 'extensible-array':
      return arrayChunks(form, readExtensibleArray(store, form.address, positionsOf(form)));
  }
}

function implicitChunks(store: Hdf5Store, form: ChunkForm): ChunkMap {
  const { address, chunkBytes } = form;
  const count = gridOf({ shape: form.maxShape, chunk: form.chunk }).reduce(
    (product, extent) => product * extent,
    1,
  );
  if (count * chunkBytes > store.bytesFrom(address))
    throw hdf5Error('chunks are past the end of the file', form.at);
  const numberOf = numberOfPosition(form);
  const chunks = new Map<number, ChunkPlace>();
  for (let position = 0; position < count; position += 1) {
    const number = numberOf(position);
    const place = { address: address + position * chunkBytes, storedBytes: chunkBytes, mask: 0 };
    if (number !== undefined) chunks.set(number, place);
  }
  return chunks;
}

/** The positions in an array index between which the chunks of a range are. */
function positionsOf(form: Ranged): PositionRange {
  const { range } = form;
  if (range === undefined) return { first: 0, last: Number.POSITIVE_INFINITY };
  return { first: positionOf(form, range.first), last: positionOf(form, range.last) };
}

async function tree1Chunks(store: Hdf5Store, form: Ranged): Promise<ChunkMap> {
  const { shape, chunk, range } = form;
  const grid = gridOf(form);
  const chunks = new Map<number, ChunkPlace>();
  const keys = { type: 1, keyBytes: 8 + 8 * (shape.length + 1) } as const;
  const leadsToRange =
    range &&
    ((key: Hdf5Bytes, next: Hdf5Bytes | undefined): boolean => {
      const coordinatesOf = (bytes: Hdf5Bytes): number[] => {
        bytes.at = 8;
        return chunk.map((extent) => bytes.uint(8) / extent);
      };
      if (compareCoordinates(coordinatesOf(key), range.last) > 0) return false;
      return next === undefined || compareCoordinates(range.first, coordinatesOf(next)) < 0;
    });
  for await (const { key, child } of walkTree1(store, form.address, { ...keys, leadsToRange })) {
    const storedBytes = key.uint(4);
    const mask = key.uint(4);
    const coordinates = chunk.map((extent) => key.uint(8) / extent);
    if (!coordinates.every(Number.isInteger)) throw key.error('a chunk is not at a place of the grid');
    const number = chunkNumber(grid, coordinates);
    if (number !== undefined) addChunk(chunks, { number, address: child, storedBytes, mask }, form);
  }
  return chunks;
}

async function tree2Chunks(store: Hdf5Store, form: Ranged): Promise<ChunkMap> {
  const { chunk, chunkBytes, filters, range } = form;
  const isFiltered = filters.length > 0;
  const place = (record: Hdf5Bytes): number => {
    record.at = record.bytes.length - 8 * chunk.length;
    const coordinates = chunk.map(() => record.uint(8));
    record.at = 0;
    if (compareCoordinates(coordinates, range?.first ?? []) < 0) return -1;
    return compareCoordinates(coordinates, range?.last ?? []) > 0 ? 1 : 0;
  };
  const grid = gridOf(form);
  const chunks = new Map<number, ChunkPlace>();
  for await (const record of walkTree2(store, form.address, {
    type: isFiltered ? 11 : 10,
    place: range && place,
  })) {
    const address = record.dueAddress('a chunk');
    const sizeWidth = record.left - 4 - 8 * chunk.length;
    if (isFiltered && (sizeWidth < 1 || sizeWidth > 8))
      throw record.error('a record of a chunk has a wrong size');
    const storedBytes = isFiltered ? record.uint(sizeWidth) : chunkBytes;
    const mask = isFiltered ? record.uint(4) : 0;
    const number = chunkNumber(
      grid,
      chunk.map(() => record.uint(8)),
    );
    if (number !== undefined) addChunk(chunks, { number, address, storedBytes, mask }, form);
  }
  return chunks;
}

async function arrayChunks(form: ChunkForm, records: AsyncGenerator<ArrayRecord>): Promise<ChunkMap> {
  const isFiltered = form.filters.length > 0;
  const numberOf = numberOfPosition(form);
  const chunks = new Map<number, ChunkPlace>();
  for await (const { position, record } of records) {
    const address = record.address();
    const number = numberOf(position);
    if (address === undefined || number === undefined) continue;
    const sizeWidth = record.left - 4;
    if (isFiltered ? sizeWidth < 1 || sizeWidth > 8 : record.left !== 0)
      throw record.error('a record of a chunk has a wrong size');
    const storedBytes = isFiltered ? record.uint(sizeWidth) : form.chunkBytes;
    addChunk(chunks, { number, address, storedBytes, mask: isFiltered ? record.uint(4) : 0 }, form);
  }
  return chunks;
}

function addChunk(
  chunks: Map<number, ChunkPlace>,
  { number, ...place }: ChunkPlace & { readonly number: number },
  form: ChunkForm,
): void {
  if (chunks.has(number)) throw hdf5Error('a chunk is stored twice', form.at);
  chunks.set(number, place);
}
