import type { StorageBackend, UtcTimestamp } from '@holdfast/domain';
import type { StorageCondition, StorageErrorCode, StorageSpace } from '@holdfast/ports';

/** How long a store takes to answer. */
export interface StoreLatency {
  /** What was timed: writing and deleting a probe, or looking, where it was not to be written or could not. */
  readonly of: 'write' | 'look';
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** How many recent answers these are taken from. */
  readonly count: number;
}

/** What went wrong with a store. */
export interface StoreFailure {
  readonly code: StorageErrorCode;
  /** A sentence for people, without any secret. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly at: UtcTimestamp;
}

/** How a store is. */
export interface StoreHealth {
  readonly storeName: string;
  /** `undefined` when the adapter could not even be made. */
  readonly backend: StorageBackend | undefined;
  /** Whether it answered in time. */
  readonly isReachable: boolean;
  /** Whether it could be written to; `undefined` when that was not tried. */
  readonly isWritable: boolean | undefined;
  /** Conditions that its protocol promises and its server does not decide; `undefined` where that was not tried. */
  readonly undecidedConditions?: readonly StorageCondition[];
  /** `undefined` until it has answered once. */
  readonly latency?: StoreLatency;
  /** Where there is an end to the room, and it could be told. */
  readonly space?: StorageSpace;
  /** The last thing that went wrong, in this check or in one before; `at` tells. */
  readonly lastError?: StoreFailure;
  readonly checkedAt: UtcTimestamp;
}
