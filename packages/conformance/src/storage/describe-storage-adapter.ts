import { type TestContext, describe, test } from 'vitest';
import { expectFailureAsKnown } from './expect-failure-as-known.ts';
import { runStorageCase } from './run-storage-case.ts';
import type { StorageCase } from './storage-case.ts';
import { storageCases, storageCasesFor } from './storage-cases.ts';
import { type StorageDeclaration, declarationCase, storageDeclaration } from './storage-declaration.ts';
import type { StorageHarness } from './storage-harness.ts';

/**
 * Registers, with vitest, every promise of the storage contract as a test of an adapter.
 *
 * A capability that is declared false is tested too: what needs it has to be refused with `unsupported`,
 * and nothing may have been written. Every case has an empty store to itself.
 *
 * @throws Error when a quirk names no case.
 */
export function describeStorageAdapter(name: string, harness: StorageHarness): void {
  checkQuirks(harness);
  const declaration = storageDeclaration(name, harness);
  const { undeclared, quirks } = declaration;
  for (const [quirk, { reason }] of Object.entries(quirks)) {
    process.stderr.write(`${name} is known not to pass "${quirk}": ${reason}\n`);
  }
  if (undeclared.length > 0) process.stderr.write(`${name} does not declare ${undeclared.join(', ')}\n`);
  const groups = Map.groupBy(storageCasesFor(harness), (one) => one.group);
  describe(name, () => {
    for (const [group, cases] of groups) {
      describe(group, () => {
        for (const one of cases) register(one, harness, declaration);
      });
    }
  });
}

function register(one: StorageCase, harness: StorageHarness, declaration: StorageDeclaration): void {
  const run = ({ task }: TestContext): Promise<void> => {
    if (one.name === declarationCase) task.meta.storageContract = declaration;
    return runStorageCase(one, harness);
  };
  const timeout = harness.caseTimeoutMs ?? 30_000;
  const quirk = harness.quirks?.[one.name];
  if (quirk === undefined) test(one.name, { timeout }, run);
  else if (quirk.fails === 'sometimes') test.skip(`${one.name} — not run: ${quirk.reason}`, run);
  else {
    test(`${one.name} — known to fail: ${quirk.reason}`, { timeout }, (testing) =>
      expectFailureAsKnown(() => run(testing), quirk),
    );
  }
}

function checkQuirks(harness: StorageHarness): void {
  const names = new Set(storageCases.map((one) => one.name));
  const unknown = Object.keys(harness.quirks ?? {}).filter((quirk) => !names.has(quirk));
  if (unknown.length > 0)
    throw new Error(`No case is named ${unknown.map((quirk) => JSON.stringify(quirk)).join(', ')}.`);
}
