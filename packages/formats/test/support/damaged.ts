import * as fc from 'fast-check';

/** Copies of bytes with one of them changed, at most so many places spread over all. */
export function* withChangedBytes(bytes: Uint8Array, mostPlaces: number): Generator<Uint8Array> {
  const step = Math.max(1, Math.ceil(bytes.length / mostPlaces));
  for (let index = 0; index < bytes.length; index += step)
    for (const mask of [0x01, 0x80, 0xff]) yield bytes.with(index, (bytes[index] ?? 0) ^ mask);
}

/** Holds copies of bytes, of which parts are overwritten, taken out or doubled, to a check. */
export async function expectWithChangedParts(
  bytes: Uint8Array,
  check: (changed: Uint8Array) => Promise<void>,
  { numRuns }: { readonly numRuns: number },
): Promise<void> {
  const place = fc.nat(bytes.length);
  await fc.assert(
    fc.asyncProperty(place, place, fc.uint8Array({ maxLength: 12 }), async (from, to, patch) => {
      await check(Uint8Array.from([...bytes.subarray(0, from), ...patch, ...bytes.subarray(to)]));
    }),
    { numRuns },
  );
}
