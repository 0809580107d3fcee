import type { StorageAdapter, StorageCapabilities } from '@holdfast/ports';

/** How the kit gets at the adapter under test. */
export interface StorageHarness {
  /** What the adapter is expected to declare; a case compares. */
  readonly capabilities: StorageCapabilities;
  /** Makes an empty store for one case: a new folder, bucket, or prefix of keys. */
  readonly createStore: () => StoreUnderTest | Promise<StoreUnderTest>;
  /** Opens a store that is not there: a folder, bucket or server that does not exist. May itself reject. */
  readonly openMissing?: () => StorageAdapter | Promise<StorageAdapter>;
  /** What the backend gets wrong, and nobody here can mend, by the names of cases. Printed with every run. */
  readonly quirks?: Readonly<Record<string, StorageQuirk>>;
  /** Sizes beside which the adapter does something else: inline limits, parts, blocks. @default [] */
  readonly borderSizesBytes?: readonly number[];
  /** The objects' bytes are kept in this process, so that its memory grows with them. @default false */
  readonly keepsBytesInProcess?: boolean;
  /** How long one case may take. @default 30000 */
  readonly caseTimeoutMs?: number;
}

/** One store. */
export interface StoreUnderTest {
  /** Opens this store, the same one every time: twice gives two handles. The kit disposes them. */
  readonly open: () => StorageAdapter | Promise<StorageAdapter>;
  /** Removes the store, after all handles are disposed. */
  readonly remove?: () => void | Promise<void>;
}

/** A case that a backend cannot pass. */
export type StorageQuirk = FailingQuirk | SometimesFailingQuirk;

/** The case is run and has to fail, in this way and no other: a mended backend is noticed, and so is a new fault. */
export interface FailingQuirk {
  /** What is wrong, where, since when. */
  readonly reason: string;
  readonly fails: 'always';
  /** What the failure says: its message, and those of its causes. */
  readonly shows: RegExp;
}

/** The case is not run. */
export interface SometimesFailingQuirk {
  /** What is wrong, where, since when. */
  readonly reason: string;
  readonly fails: 'sometimes';
}
