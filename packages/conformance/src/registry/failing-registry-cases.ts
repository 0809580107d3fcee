import { registryCasesFor } from './registry-cases.ts';
import type { RegistryHarness } from './registry-harness.ts';
import { runRegistryCase } from './run-registry-case.ts';

/** Runs cases, one after another, and answers with the names of those that fail; all of them, or those that are named. */
export async function failingRegistryCases(
  harness: RegistryHarness,
  names?: readonly string[],
): Promise<readonly string[]> {
  const failing: string[] = [];
  for (const one of registryCasesFor(harness)) {
    if (names !== undefined && !names.includes(one.name)) continue;
    await runRegistryCase(one, harness).catch(() => failing.push(one.name));
  }
  return failing;
}
