/** A part of an array: where it begins in each dimension, and how many entries it has there. */
export interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** One array that elements are copied from or to: its extents, and where its first element is in the whole. */
export interface Placed {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
  readonly origin: readonly number[];
}

/** What two boxes have in common; `undefined` where that is nothing. */
export function intersection(a: Box, b: Box): Box | undefined {
  const start = a.start.map((from, dimension) => Math.max(from, b.start[dimension] ?? 0));
  const count = start.map((from, dimension) => endOf(a, b, dimension) - from);
  return count.every((extent) => extent > 0) ? { start, count } : undefined;
}

/** Copies the elements of a box from one array to another, rows of the last dimension at once. */
export function copyBox(from: Placed, to: Placed, part: Box & { readonly itemBytes: number }): void {
  const { start, count, itemBytes } = part;
  const rank = start.length;
  if (count.includes(0)) return;
  const fromSteps = stepsOf(from.shape, itemBytes);
  const toSteps = stepsOf(to.shape, itemBytes);
  const rowBytes = (count[rank - 1] ?? 1) * itemBytes;
  let fromAt = placeOf(from, start, fromSteps);
  let toAt = placeOf(to, start, toSteps);
  const counters = count.slice(0, -1).map(() => 0);
  for (;;) {
    to.bytes.set(from.bytes.subarray(fromAt, fromAt + rowBytes), toAt);
    let dimension = rank - 2;
    for (; dimension >= 0; dimension -= 1) {
      const next = (counters[dimension] ?? 0) + 1;
      const isDone = next === count[dimension];
      counters[dimension] = isDone ? 0 : next;
      const moved = isDone ? 1 - next : 1;
      fromAt += moved * (fromSteps[dimension] ?? 0);
      toAt += moved * (toSteps[dimension] ?? 0);
      if (!isDone) break;
    }
    if (dimension < 0) return;
  }
}

/** Fills memory with an element over and over; with zeros where it is `undefined`. */
export function fillElements(target: Uint8Array, element: Uint8Array | undefined): void {
  if (element === undefined || element.every((byte) => byte === 0)) {
    target.fill(0);
    return;
  }
  target.set(element.subarray(0, target.length));
  for (let done = element.length; done < target.length; done *= 2)
    target.copyWithin(done, 0, Math.min(done, target.length - done));
}

/** The distance in bytes of neighbours in each dimension. */
export function stepsOf(shape: readonly number[], itemBytes: number): number[] {
  const steps = shape.map(() => itemBytes);
  for (let dimension = shape.length - 2; dimension >= 0; dimension -= 1)
    steps[dimension] = (steps[dimension + 1] ?? 0) * (shape[dimension + 1] ?? 0);
  return steps;
}

function placeOf({ origin }: Placed, start: readonly number[], steps: readonly number[]): number {
  return start.reduce(
    (at, from, dimension) => at + (from - (origin[dimension] ?? 0)) * (steps[dimension] ?? 0),
    0,
  );
}

function endOf(a: Box, b: Box, dimension: number): number {
  const ends = [a, b].map(({ start, count }) => (start[dimension] ?? 0) + (count[dimension] ?? 0));
  return Math.min(...ends);
}
