import type { Digest } from '@holdfast/domain';

/** What is known of an object after a verification has looked at it. */
export const VerifiedState = {
  Intact: 'intact',
  /** The bytes, or the store's own record of them, are not as they were written. */
  Damaged: 'damaged',
  /** The store has no such object. */
  Missing: 'missing',
  /** A version or record needs it, and no place is registered where it lies. */
  Unlocated: 'unlocated',
  /** Its store cannot be opened, being damaged as a whole or not configured, or its disk fails when it is read. */
  Unreadable: 'unreadable',
} as const;

export type VerifiedState = (typeof VerifiedState)[keyof typeof VerifiedState];

/** A version that needs an object, and what the object is to it. */
export interface AffectedVersion {
  /** As `name:number`. */
  readonly reference: string;
  readonly model: string;
  readonly number: number;
  /**
   * `file`: the version's file. `tree`: the manifest of its folder. `member`: files of its folder.
   * `record`: the copy of the version's record that lies beside its bytes; the version can be loaded without it.
   * `registry`: its record, or one about it, in the registry itself.
   * `list`: the lists of what inspection found; the version can be loaded without them.
   */
  readonly part: 'file' | 'tree' | 'member' | 'record' | 'list' | 'registry';
  /** The paths in the folder, sorted; absent when the folder's manifest cannot be read, and for other parts. */
  readonly paths?: readonly string[];
}

/** A record of some kind that needs an object, or is damaged itself. */
export interface AffectedRecord {
  /** As `run 0199…`. */
  readonly reference: string;
  /** The kind of the record, as `training_run`. */
  readonly kind: string;
  readonly id: string;
  /** `content`: an object that the record names. `registry`: the record itself. */
  readonly part: 'content' | 'registry';
}

/** What is harmed by something that is not intact. */
export type Affected = AffectedVersion | AffectedRecord;

/** What became of a repair. */
export interface Repair {
  /** The store that the good bytes were wanted from; of a record of the registry, `its manifest`. */
  readonly source: string;
  readonly isRepaired: boolean;
  /** Why it was not repaired. */
  readonly reason?: string;
}

/** What a look at one stored object found. */
export interface VerifiedObject {
  readonly state: VerifiedState;
  /** Absent when it is not known: a whole store, or an object that lies under another key than its digest. */
  readonly digest?: Digest;
  /** The registry's own record that is damaged; such a finding has no store, key or digest. */
  readonly record?: string;
  /** Absent when no place is registered. */
  readonly storeName?: string;
  /** Absent when no place is registered, and when the store as a whole is meant. */
  readonly key?: string;
  /** 0 when it is not known. */
  readonly sizeBytes: number;
  /** Why it is not intact. */
  readonly reason?: string;
  /** The versions that need it, sorted, then the records; reported when it is not intact. */
  readonly affected: readonly Affected[];
  /** The stores that hold the same bytes, as far as it is known; told when it is not intact. */
  readonly copies: readonly string[];
  /** What became of it, when repairing was asked for. */
  readonly repair?: Repair;
}
