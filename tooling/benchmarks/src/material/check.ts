/**
 * Holds a contender to its result.
 *
 * @throws Error when it is wrong.
 */
export function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`Wrong result: ${what}.`);
}

/** @throws Error when the bytes are not the expected ones. */
export function checkBytes(found: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  check(found !== undefined && Buffer.compare(found, expected) === 0, `${what} has other bytes`);
}
