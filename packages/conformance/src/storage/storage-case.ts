import type { StorageCapabilities, StorageCondition } from '@holdfast/ports';
import type { CaseContext } from './case-context.ts';

/**
 * Capabilities that are there or not. `listOrder` counts as there when it is `bytewise`, `keysBelowKeys` and
 * `etagsNameStates` unless denied.
 */
export type StorageCapabilityName = Exclude<
  keyof StorageCapabilities,
  'maximumSizeBytes' | 'maximumKeyBytes'
>;

/** What a case is about; one group is one `describe`. */
export type StorageCaseGroup =
  | 'keys'
  | 'list'
  | 'read'
  | 'write'
  | 'cancellation'
  | 'memory'
  | 'late keys'
  | 'conditions'
  | 'concurrency'
  | 'copy'
  | 'delete'
  | 'metadata'
  | 'presign'
  | 'transactions'
  | 'local path'
  | 'check'
  | 'disposal'
  | 'unsupported';

/** One promise of the storage contract, as data: it can be registered with vitest or run by itself. */
export interface StorageCase {
  readonly group: StorageCaseGroup;
  /** A sentence, unique among all cases, that says what is promised. */
  readonly name: string;
  /** Runs only where all of these are declared. */
  readonly needs?: readonly StorageCapabilityName[];
  /** Runs only where this is not declared. */
  readonly lacks?: StorageCapabilityName;
  /** Runs only where the harness can open a store that is not there. */
  readonly needsMissingStore?: true;
  /** Throws an assertion error when the adapter breaks the promise. */
  readonly run: (context: CaseContext) => Promise<void>;
}

/** A case as it is written down in the file of its group. */
export type UngroupedStorageCase = Omit<StorageCase, 'group'>;

/** Puts cases into a group. */
export function inGroup(
  group: StorageCaseGroup,
  cases: readonly UngroupedStorageCase[],
): readonly StorageCase[] {
  return cases.map((one) => ({ group, ...one }));
}

/** Whether a backend declares a capability. */
export function declares(capabilities: StorageCapabilities, name: StorageCapabilityName): boolean {
  if (name === 'keysBelowKeys' || name === 'etagsNameStates') return capabilities[name] !== false;
  const value = capabilities[name];
  return typeof value === 'boolean' ? value : value === 'bytewise';
}

/** Whether a capability is a condition, which a server has to decide. */
export function isCondition(name: StorageCapabilityName): name is StorageCondition {
  return ['createIfAbsent', 'replaceIfMatch', 'deleteIfMatch', 'conditionalCopy'].includes(name);
}
