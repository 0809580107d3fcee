import { describe, test } from 'vitest';
import { type LockCase, lockCases } from './lock-cases.ts';
import type { LockHarness } from './lock-harness.ts';

/** Registers, with vitest, every promise of the port `LockManager` as a test of an implementation. */
export function describeLockManager(name: string, harness: LockHarness): void {
  describe(name, () => {
    for (const one of lockCases)
      test(one.name, { timeout: 30_000 }, (testing) => runLockCase(one, harness, testing.skip));
  });
}

/** Runs one case in a place of its own. @throws the assertion error of a broken promise. */
export async function runLockCase(
  one: LockCase,
  harness: LockHarness,
  skip: (reason: string) => void = () => {},
): Promise<void> {
  await using place = await harness.setUp();
  if (one.needsProcesses === true && place.startHolder === undefined)
    return skip('no other process reaches the place');
  await using first = await place.open();
  await using other = await place.open();
  await one.run({ one: first, other, place, mostLeaseMs: harness.mostLeaseMs ?? 5000 });
}
