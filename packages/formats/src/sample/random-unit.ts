const increment = 0x9e37_79b9;

/**
 * Makes a source of numbers from 0 up to 1 that depend only on the seed: a counter whose values
 * pass through the finisher of MurmurHash3. Good enough for samples, not for secrets.
 *
 * @see https://github.com/aappleby/smhasher for the finisher
 */
export function randomUnit(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + increment) >>> 0;
    let mixed = counter;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
  };
}
