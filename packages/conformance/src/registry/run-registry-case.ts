import { RegistryCaseContext } from './registry-case-context.ts';
import type { RegistryCase } from './registry-case.ts';
import type { RegistryHarness } from './registry-harness.ts';

/** Runs one case on a store of its own; rejects with an assertion error when the store breaks the promise. */
export async function runRegistryCase(one: RegistryCase, harness: RegistryHarness): Promise<void> {
  const context = await RegistryCaseContext.create(harness);
  try {
    await one.run(context);
  } finally {
    await context[Symbol.asyncDispose]();
  }
}
