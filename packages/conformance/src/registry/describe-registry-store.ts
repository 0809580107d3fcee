import { describe, test } from 'vitest';
import type { RegistryCase, RegistryCaseGroup } from './registry-case.ts';
import { registryCasesFor } from './registry-cases.ts';
import type { RegistryHarness } from './registry-harness.ts';
import { runRegistryCase } from './run-registry-case.ts';

/** Registers, with vitest, every promise of the registry's protocols as a test of a store. Every case has an empty store to itself. */
export function describeRegistryStore(name: string, harness: RegistryHarness): void {
  register(name, registryCasesFor(harness), harness);
}

/** The part of {@link describeRegistryStore} that is about models and their listing. */
export function describeModelRepository(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['models', 'summaries']), harness);
}

/** The part of {@link describeRegistryStore} that is about versions. */
export function describeModelVersionRepository(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['versions']), harness);
}

/** The part of {@link describeRegistryStore} that is about aliases. */
export function describeAliasRepository(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['aliases']), harness);
}

/** The part of {@link describeRegistryStore} that is about leases, references, locations and condemned objects. */
export function describeObjectLedger(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['objects']), harness);
}

/** The part of {@link describeRegistryStore} that is about collections of records, on the {@link sampleRecords}. */
export function describeRecordCollection(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['records']), harness);
}

/** The part of {@link describeRegistryStore} that is about series. */
export function describeSeriesCollection(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['series']), harness);
}

/** The part of {@link describeRegistryStore} that is about work over several repositories. */
export function describeUnitOfWork(name: string, harness: RegistryHarness): void {
  register(name, casesOf(harness, ['unit of work']), harness);
}

function casesOf(harness: RegistryHarness, groups: readonly RegistryCaseGroup[]): readonly RegistryCase[] {
  return registryCasesFor(harness).filter((one) => groups.includes(one.group));
}

function register(name: string, cases: readonly RegistryCase[], harness: RegistryHarness): void {
  const timeout = harness.caseTimeoutMs ?? 30_000;
  describe(name, () => {
    for (const [group, grouped] of Map.groupBy(cases, (one) => one.group)) {
      describe(group, () => {
        for (const one of grouped) test(one.name, { timeout }, () => runRegistryCase(one, harness));
      });
    }
  });
}
