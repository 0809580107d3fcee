import type { Cancellable } from './operation-options.ts';

/** Something that an interrupted writer left in a store. */
export interface Leftover {
  /** What it is called in the store. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Why it goes, or why it stays. */
  readonly reason: string;
}

export interface LeftoverReport {
  /** Removed, or to be removed when it was a dry run. */
  readonly removed: readonly Leftover[];
  /** Not provably abandoned: its owner lives, or runs where nobody here can see it. */
  readonly kept: readonly Leftover[];
}

export interface CollectLeftoversOptions extends Cancellable {
  /** Only tell. @default false */
  readonly isDryRun?: boolean | undefined;
  /**
   * Asked for the key of a leftover whose writer cannot be seen from here, such as an upload that is open in a bucket:
   * why it stays, or `undefined` when no writer needs it. Without this, it stays.
   */
  readonly whyKept?: (key: string) => Promise<string | undefined>;
}

/** A record or the bytes behind it that are not as they were written. */
export interface RecordDamage {
  /** `undefined` when the damage is not one object's. */
  readonly key: string | undefined;
  readonly reason: string;
}

/** What was made of a store that had lost its records. */
export interface RebuildReport {
  /** Records taken from the last snapshot. */
  readonly fromSnapshot: number;
  /** Records made anew by hashing content-addressed bytes. */
  readonly fromBytes: number;
  /** Keys that the snapshot had and whose bytes are gone. */
  readonly lost: readonly string[];
}

/** The upkeep of a store that is more than its bucket: an adapter has it where its backend needs any. */
export interface StoreMaintenance {
  /** Removes what interrupted writers left, beside writers that are at work. No clock takes part. */
  collectLeftovers(options?: CollectLeftoversOptions): Promise<LeftoverReport>;
  /** Checks every record against its checksum, and whether its bytes are there. Bytes are not hashed. */
  checkRecords(options?: Cancellable): AsyncIterable<RecordDamage>;
  /** Keeps a copy of the records, from which {@link StoreMaintenance.rebuild} can make lost ones. */
  snapshot(): Promise<void>;
  /**
   * Makes lost records anew, from the last snapshot and from the bytes themselves. The damaged ones are kept aside.
   *
   * @throws StorageError `already-exists` when the records are there and undamaged.
   */
  rebuild(options?: Cancellable): Promise<RebuildReport>;
}
