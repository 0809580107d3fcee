import type { RegistryStore } from '@holdfast/domain';

/** How the kit gets at the registry store under test. */
export interface RegistryHarness {
  /** Makes an empty store for one case: a new file, schema or bucket. It also keeps the `sampleRecords`. */
  readonly createStore: () => RegistryUnderTest | Promise<RegistryUnderTest>;
  /** The store lives only as long as its one handle, so that cases with a second one are not run. @default false */
  readonly opensOnce?: boolean;
  /** How long one case may take. @default 30000 */
  readonly caseTimeoutMs?: number;
  /** How many random histories the property cases try. @default 20 */
  readonly propertyRuns?: number;
}

/** One store. */
export interface RegistryUnderTest {
  /** Opens this store, the same one every time: twice gives two handles. The kit disposes them. */
  readonly open: () => RegistryStore | Promise<RegistryStore>;
  /** Removes the store, after all handles are disposed. */
  readonly remove?: () => void | Promise<void>;
}
