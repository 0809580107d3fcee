import { cancellationCases } from './cancellation-cases.ts';
import { checkCases } from './check-cases.ts';
import { concurrencyCases } from './concurrency-cases.ts';
import { conditionCases } from './condition-cases.ts';
import { copyCases } from './copy-cases.ts';
import { deleteCases } from './delete-cases.ts';
import { disposalCases } from './disposal-cases.ts';
import { immutableCases } from './immutable-cases.ts';
import { invalidKeyCases } from './invalid-key-cases.ts';
import { keyCases } from './key-cases.ts';
import { lateKeyCases } from './late-key-cases.ts';
import { listCases } from './list-cases.ts';
import { listChangeCases } from './list-change-cases.ts';
import { listFoldingCases } from './list-folding-cases.ts';
import { localPathCases } from './local-path-cases.ts';
import { memoryCases } from './memory-cases.ts';
import { metadataCases } from './metadata-cases.ts';
import { presignCases } from './presign-cases.ts';
import { raceCases } from './race-cases.ts';
import { rangeCases } from './range-cases.ts';
import { readCases } from './read-cases.ts';
import { refusedWriteCases } from './refused-write-cases.ts';
import { sourceFormCases } from './source-form-cases.ts';
import { spaceCases } from './space-cases.ts';
import { type StorageCase, type StorageCapabilityName, declares } from './storage-case.ts';
import type { StorageHarness } from './storage-harness.ts';
import { transactionCases } from './transaction-cases.ts';
import { transactionRaceCases } from './transaction-race-cases.ts';
import { treeKeyCases } from './tree-key-cases.ts';
import { unsupportedCases } from './unsupported-cases.ts';
import { writeCases } from './write-cases.ts';

/** Every case, in the order of the contract. */
export const storageCases: readonly StorageCase[] = [
  ...checkCases,
  ...spaceCases,
  ...keyCases,
  ...treeKeyCases,
  ...invalidKeyCases,
  ...listCases,
  ...listFoldingCases,
  ...listChangeCases,
  ...readCases,
  ...rangeCases,
  ...immutableCases,
  ...writeCases,
  ...sourceFormCases,
  ...refusedWriteCases,
  ...cancellationCases,
  ...memoryCases,
  ...lateKeyCases,
  ...conditionCases,
  ...concurrencyCases,
  ...raceCases,
  ...copyCases,
  ...deleteCases,
  ...metadataCases,
  ...presignCases,
  ...transactionCases,
  ...transactionRaceCases,
  ...localPathCases,
  ...disposalCases,
  ...unsupportedCases,
];

/** The cases that apply to what a harness declares and can do. */
export function storageCasesFor(harness: StorageHarness): readonly StorageCase[] {
  const has = (name: StorageCapabilityName): boolean => declares(harness.capabilities, name);
  return storageCases.filter(
    ({ needs = [], lacks, needsMissingStore = false }) =>
      needs.every(has) &&
      (lacks === undefined || !has(lacks)) &&
      (!needsMissingStore || harness.openMissing !== undefined),
  );
}

/**
 * The case of a name.
 *
 * @throws RangeError when there is none.
 */
export function storageCaseNamed(name: string): StorageCase {
  const found = storageCases.find((one) => one.name === name);
  if (found === undefined)
    throw new RangeError(`No case of the storage contract is named ${JSON.stringify(name)}.`);
  return found;
}
