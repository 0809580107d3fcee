import { CaseContext } from './case-context.ts';
import type { StorageCase } from './storage-case.ts';
import type { StorageHarness } from './storage-harness.ts';
import { within } from './within.ts';

const disposalLimitMs = 20_000;
const abandonLimitMs = 500;

/** Runs one case on a store of its own; rejects when the adapter breaks the promise, or cannot be disposed. */
export async function runStorageCase(one: StorageCase, harness: StorageHarness): Promise<void> {
  const context = await CaseContext.create(harness);
  try {
    await one.run(context);
  } catch (error) {
    // What still hangs in a broken adapter must not hide what broke.
    await within(abandonLimitMs, context[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  }
  await within(disposalLimitMs, context[Symbol.asyncDispose]());
}
