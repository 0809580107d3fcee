import { type StorageCase, declares } from './storage-case.ts';
import { keyCases } from './key-cases.ts';
import type { StorageHarness } from './storage-harness.ts';

/** Every case, in the order of the contract. */
export const storageCases: readonly StorageCase[] = [
  ...keyCases,
];

/** The cases that apply to what a harness declares. */
export function storageCasesFor(harness: StorageHarness): readonly StorageCase[] {
  const has = declares.bind(undefined, harness.capabilities);
  return storageCases.filter(({ needs = [], lacks }) => needs.every(has) && (lacks === undefined || !has(lacks)));
}
