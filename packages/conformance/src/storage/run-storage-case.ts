import { CaseContext } from './case-context.ts';
import type { StorageCase } from './storage-case.ts';
import type { StorageHarness } from './storage-harness.ts';

/** Runs one case on a store of its own; rejects with an assertion error when the adapter breaks the promise. */
export async function runStorageCase(one: StorageCase, harness: StorageHarness): Promise<void> {
  const context = await CaseContext.create(harness);
  try {
    await one.run(context);
  } finally {
    await context[Symbol.asyncDispose]();
  }
}
