import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Flips one bit of a file where it holds the wanted bytes, everywhere: a database may keep an old copy of them, too. */
export function flipBit(path: string, wanted: Uint8Array): void {
  const bytes = readFileSync(path);
  expect(bytes.indexOf(wanted)).toBeGreaterThanOrEqual(0);
  for (let offset = bytes.indexOf(wanted); offset !== -1; offset = bytes.indexOf(wanted)) {
    bytes[offset] = (bytes[offset] ?? 0) ^ 4;
  }
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}
