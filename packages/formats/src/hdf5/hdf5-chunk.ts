import type { Hdf5Filter } from './hdf5-filters.ts';

/** Where one chunk is stored. */
export interface ChunkPlace {
  readonly address: number;
  readonly storedBytes: number;
  readonly mask: number;
}

/** What an index of chunks needs to know of its dataset. */
export interface ChunkForm {
  readonly address: number;
  readonly shape: readonly number[];
  readonly maxShape: readonly number[];
  readonly chunk: readonly number[];
  readonly chunkBytes: number;
  readonly filters: readonly Hdf5Filter[];
  /** Offset in the file of what describes it, for errors. */
  readonly at: number;
}

/** The chunks of a dataset by their number in its grid, the last dimension fastest. Those never written are absent. */
export type ChunkMap = ReadonlyMap<number, ChunkPlace>;

/** The chunks between two corners of the grid, both included. */
export interface ChunkRange {
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** Which is first, as the trees of chunks order them: negative where `a` is. */
export function compareCoordinates(a: readonly number[], b: readonly number[]): number {
  for (const [dimension, coordinate] of a.entries()) {
    const difference = coordinate - (b[dimension] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The number of chunks in each dimension. */
export function gridOf({ shape, chunk }: Pick<ChunkForm, 'shape' | 'chunk'>): number[] {
  return shape.map((extent, dimension) => Math.ceil(extent / (chunk[dimension] ?? 1)));
}

/** The number of a chunk in its grid; `undefined` outside of it. */
export function chunkNumber(grid: readonly number[], coordinates: readonly number[]): number | undefined {
  let number = 0;
  for (const [dimension, extent] of grid.entries()) {
    const coordinate = coordinates[dimension] ?? 0;
    if (coordinate >= extent) return undefined;
    number = number * extent + coordinate;
  }
  return number;
}

/** The coordinates of the chunk with a number. */
export function chunkCoordinates(grid: readonly number[], number: number): number[] {
  const coordinates = grid.map(() => 0);
  let rest = number;
  for (let dimension = grid.length - 1; dimension >= 0; dimension -= 1) {
    const extent = grid[dimension] ?? 1;
    coordinates[dimension] = rest % extent;
    rest = Math.floor(rest / extent);
  }
  return coordinates;
}

/** The dimensions of an array index from the slowest on, and the chunks that each may have. */
function positionOrder({ maxShape, chunk }: ChunkForm): {
  readonly order: readonly number[];
  readonly ordered: readonly number[];
} {
  const largest = gridOf({ shape: maxShape, chunk });
  const unlimited = largest.indexOf(Number.POSITIVE_INFINITY);
  const order = largest.map((_, dimension) => dimension);
  if (unlimited > 0) order.unshift(...order.splice(unlimited, 1));
  return { order, ordered: order.map((dimension) => largest[dimension] ?? 1) };
}

/** The position in an array index of the chunk with coordinates. */
export function positionOf(form: ChunkForm, coordinates: readonly number[]): number {
  const { order, ordered } = positionOrder(form);
  return order.reduce(
    (position, dimension, place) =>
      (place === 0 ? 0 : position * (ordered[place] ?? 1)) + (coordinates[dimension] ?? 0),
    0,
  );
}

/**
 * From the position of a chunk in an array index to its number in the grid. Such indexes count chunks by the largest
 * extents that the dataset may have; the dimension without a limit, if there is one, counts slowest.
 */
export function numberOfPosition(form: ChunkForm): (position: number) => number | undefined {
  const grid = gridOf(form);
  const { order, ordered } = positionOrder(form);
  const coordinates = grid.map(() => 0);
  return (position) => {
    let rest = position;
    for (let place = order.length - 1; place >= 0; place -= 1) {
      const extent = ordered[place] ?? 1;
      coordinates[order[place] ?? 0] = place === 0 ? rest : rest % extent;
      rest = Math.floor(rest / extent);
    }
    return chunkNumber(grid, coordinates);
  };
}
