import type { Digest } from '../storage/digest.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';

/** One place where the bytes of a digest lie. */
export interface ObjectLocation {
  readonly digest: Digest;
  readonly storeName: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** When the bytes were last read and hashed as a whole; when they were written, at first. */
  readonly verifiedAt: UtcTimestamp;
  /** Whether they matched then. */
  readonly state: 'verified' | 'corrupt';
}

/** A promise to the collector: somebody is about to rely on this digest. */
export interface Lease {
  readonly id: string;
  readonly digest: Digest;
  /** When it lapses unless it is renewed. A lapsed lease may cost a repeated upload, never an object. */
  readonly expiresAt: UtcTimestamp;
}

/** A store that takes no more objects. */
export interface StoreRetirement {
  readonly storeName: string;
  /** `retiring` while what only it has is brought elsewhere, `retired` when nothing is registered there any more. */
  readonly state: 'retiring' | 'retired';
  readonly since: UtcTimestamp;
}
