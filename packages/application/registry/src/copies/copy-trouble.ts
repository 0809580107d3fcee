import type { Digest } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** Why a copy could not be used. */
export const CopyState = {
  /** Its bytes, or its store's record of them, are not as they were written; read twice. */
  Damaged: 'damaged',
  /** Its store does not hold it. */
  Missing: 'missing',
  /** Its store did not answer, or refused. */
  Unreachable: 'unreachable',
  /** Its store holds nothing at all any more: a disk that is not mounted, a bucket that was emptied. */
  Gone: 'gone',
  /** The registry knows of a copy in a store that is not configured. */
  Unconfigured: 'unconfigured',
} as const;

export type CopyState = (typeof CopyState)[keyof typeof CopyState];

/** A copy that could not be used, and the store whose copy was used instead. */
export interface CopyTrouble {
  readonly storeName: string;
  readonly digest: Digest;
  readonly state: CopyState;
  /** A sentence for people. */
  readonly reason: string;
  /** Where the bytes were read from in the end. */
  readonly readFrom: string;
}

const damageCodes: readonly string[] = [
  'checksum-mismatch',
  'size-mismatch',
  'corrupt',
  'precondition-failed',
];

/** Failures of a store, or of the way to it: another copy may be read all the same. */
const storeCodes: readonly string[] = [
  'invalid-configuration',
  'permission-denied',
  'rate-limited',
  'timeout',
  'unauthenticated',
  'unavailable',
  'unexpected',
];

/** What a failed reading says about a copy; `undefined` when it says nothing about it. */
export function copyStateAfter(error: unknown): CopyState | undefined {
  if (!StorageError.isInstance(error)) return undefined;
  if (error.code === 'not-found') return CopyState.Missing;
  if (damageCodes.includes(error.code)) return CopyState.Damaged;
  return storeCodes.includes(error.code) ? CopyState.Unreachable : undefined;
}
