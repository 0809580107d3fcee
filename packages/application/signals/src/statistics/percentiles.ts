import { InvalidValueError } from '@holdfast/domain';
import type { NumericSignal } from '../numeric-signal.ts';

const bucketCount = 65_536;

/** Where the first 16 bits of a number are among its four words. */
const firstWord = new Uint16Array(Float64Array.of(-0).buffer)[3] === 0 ? 0 : 3;

/**
 * The values below which shares of a signal's samples are, interpolated linearly between the two nearest samples, as
 * numpy's `percentile` does by default. All are NaN where the signal is empty or holds NaN.
 *
 * @param shares in percent, from 0 to 100.
 * @throws InvalidValueError naming a share that is out of this range.
 */
export function percentiles(signal: NumericSignal, shares: readonly number[]): readonly number[] {
  const wrong = shares.find((share) => !(share >= 0 && share <= 100));
  if (wrong !== undefined)
    throw new InvalidValueError({ field: 'share', value: wrong, reason: 'must be from 0 to 100' });
  if (signal.length === 0 || hasNaN(signal)) return shares.map(() => Number.NaN);
  const places = shares.map((share) => (share / 100) * (signal.length - 1));
  const ranks = places.flatMap((place) => [Math.floor(place), Math.ceil(place)]);
  const sampleAt = selectRanks(Float64Array.from(signal), ranks);
  return places.map((place) => {
    const [low, high] = [sampleAt(Math.floor(place)), sampleAt(Math.ceil(place))];
    return between(low, high, place - Math.floor(place));
  });
}

function hasNaN(signal: NumericSignal): boolean {
  for (let index = 0; index < signal.length; index++) if (Number.isNaN(signal[index])) return true;
  return false;
}

/** From the nearer end, so that neither rounding nor an infinity comes in that the samples do not have. */
function between(low: number, high: number, part: number): number {
  if (low === high || part === 0) return low;
  const difference = high - low;
  return part < 0.5 ? low + difference * part : high - difference * (1 - part);
}

/**
 * The samples at some ranks of the sorted signal. Only those are sorted whose first 16 bits are those of a sample that
 * is asked for: counting by them puts floating-point numbers into their order, coarsely.
 */
function selectRanks(samples: Float64Array, ranks: readonly number[]): (rank: number) => number {
  const words = new Uint16Array(samples.buffer, samples.byteOffset, 4 * samples.length);
  const counts = new Uint32Array(bucketCount);
  for (let word = firstWord; word < words.length; word += 4) {
    const bucket = bucketOf(words[word] as number);
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const starts = new Map<number, number>();
  let total = 0;
  const sought = [...new Set(ranks)].toSorted((left, right) => left - right);
  const bucketAt = new Map<number, number>();
  for (let bucket = 0, next = 0; bucket < bucketCount && next < sought.length; bucket++) {
    const end = total + (counts[bucket] as number);
    for (; next < sought.length && (sought[next] as number) < end; next++) {
      bucketAt.set(sought[next] as number, bucket);
      starts.set(bucket, total);
    }
    total = end;
  }
  const sorted = sortBuckets(samples, words, { counts, buckets: new Set(bucketAt.values()) });
  return (rank) => {
    const bucket = bucketAt.get(rank) as number;
    return (sorted.get(bucket) as Float64Array)[rank - (starts.get(bucket) as number)] as number;
  };
}

/** The order of floating-point numbers is that of their bits, with those of negative numbers turned over. */
function bucketOf(word: number): number {
  return word >= 0x8000 ? 0xffff - word : word + 0x8000;
}

function sortBuckets(
  samples: Float64Array,
  words: Uint16Array,
  { counts, buckets }: { readonly counts: Uint32Array; readonly buckets: ReadonlySet<number> },
): ReadonlyMap<number, Float64Array> {
  const gathered = [...buckets].map((bucket) => new Float64Array(counts[bucket] as number));
  const places = new Int32Array(bucketCount).fill(-1);
  for (const [place, bucket] of [...buckets].entries()) places[bucket] = place;
  const filled = new Uint32Array(buckets.size);
  for (let index = 0; index < samples.length; index++) {
    const place = places[bucketOf(words[4 * index + firstWord] as number)] as number;
    if (place === -1) continue;
    const at = filled[place] as number;
    (gathered[place] as Float64Array)[at] = samples[index] as number;
    filled[place] = at + 1;
  }
  return new Map([...buckets].map((bucket, place) => [bucket, (gathered[place] as Float64Array).toSorted()]));
}
