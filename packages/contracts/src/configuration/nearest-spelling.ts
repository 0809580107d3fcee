const shortestBeginning = 4;

/** The candidate that a misspelt word most likely means, or `undefined` when none is near enough. */
export function nearestSpelling(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplified(word);
  let nearest: string | undefined;
  let nearestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = distanceBetween(wanted, simplified(candidate));
    if (distance >= nearestDistance) continue;
    nearest = candidate;
    nearestDistance = distance;
  }
  return nearest;
}

/** The candidates that are spelt most like a word, the nearest first. */
export function nearestSpellings(
  word: string,
  candidates: readonly string[],
  count: number,
): readonly string[] {
  const wanted = simplified(word);
  return candidates
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, simplified(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** A word that breaks off is as near as one with a single slip. */
function distanceBetween(wanted: string, candidate: string): number {
  const isBeginning = wanted.length >= shortestBeginning && candidate.startsWith(wanted);
  return isBeginning && candidate !== wanted ? 1 : editDistance(wanted, candidate);
}

function simplified(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** How many letters are to be put in, left out, replaced, or swapped with their neighbour (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
