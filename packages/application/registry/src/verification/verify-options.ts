import type { ModelReference, UtcTimestamp } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';

/** How far a verification has come. */
export interface VerificationProgress {
  /** `objects`: reading and hashing. `records`: checking what the stores keep about their objects. */
  readonly stage: 'objects' | 'records';
  readonly objectCount: number;
  readonly totalCount: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** How a verification begins. */
export interface VerificationBeginning {
  /** When the run began that is gone on with; absent when it begins anew. */
  readonly resumedFrom?: UtcTimestamp;
  /** What was looked at before. */
  readonly objectCount: number;
  readonly sizeBytes: number;
}

export interface VerifyOptions extends Cancellable {
  /** Only what this version needs. @default everything that is registered, and the stores' own records */
  readonly version?: string | ModelReference | undefined;
  /** Only what lies in this store, and its records. @default every store */
  readonly store?: string | undefined;
  /** Only objects that were last read before this moment or found corrupt. */
  readonly notVerifiedSince?: UtcTimestamp | undefined;
  /** Replaces what is not intact by the bytes of the same digest in this store. */
  readonly repairFrom?: string | undefined;
  /** Makes damaged records of versions what they were, by the manifests beside their bytes. @default false */
  readonly repairRecords?: boolean | undefined;
  /**
   * A file that progress is written to as it is made, and that is removed at the end. Without it,
   * an interrupted run cannot be gone on with.
   */
  readonly journalPath?: string | undefined;
  /**
   * Goes on where the run stopped that left the journal, and tells its findings first, if it was one of the same
   * registry, scope and source of repairs, and not older than a week; else it begins anew. @default false
   */
  readonly resume?: boolean | undefined;
  readonly onBegin?: (beginning: VerificationBeginning) => void;
  /** Told at least every 4 MiB. It must not throw. */
  readonly onProgress?: (progress: VerificationProgress) => void;
}
