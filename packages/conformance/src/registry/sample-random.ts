/**
 * Makes a source of whole numbers from 0 up to a bound that it does not reach; the same seed gives the same ones.
 *
 * Mulberry32, by Tommy Ettinger (public domain).
 */
export function sampleRandom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
