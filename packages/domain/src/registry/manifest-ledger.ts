import type { UtcTimestamp } from '../utc-timestamp.ts';

/**
 * What became of a number that was reserved: `reserved` until its version is `published`; `condemned` when that can
 * never happen any more and its manifest may still exist; `removing` from the removal of its version until the tombstone is
 * stored; `removed` after either.
 */
export type ReservationState = 'reserved' | 'published' | 'condemned' | 'removing' | 'removed';

/** A version number that was reserved for one attempt to publish. */
export interface VersionReservation {
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  readonly state: ReservationState;
  /** Until then a reservation is not condemned by a collection, unless leases are ignored. */
  readonly leasedUntil: UtcTimestamp;
}

/** A manifest or a tombstone in a store, in the state in which this registry wrote or read it. */
export interface StoredManifest {
  readonly storeName: string;
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
}

/**
 * Which manifests are this registry's own. An id is known when it is a version's or a reservation's, whatever its
 * state: a manifest of any other id was written by another registry.
 */
export interface ManifestLedger {
  /** @throws StorageError `already-exists` when the id has a reservation. */
  reserve(reservation: VersionReservation): Promise<void>;
  /** The reservations of these ids, sorted by id. */
  findReservations(versionIds: readonly string[]): Promise<readonly VersionReservation[]>;
  /** All reservations of a state, sorted by id. */
  listReservations(state: ReservationState): Promise<readonly VersionReservation[]>;
  /**
   * Moves a reservation from one state to another.
   *
   * @returns whether it was in the first one.
   */
  changeState(versionId: string, from: ReservationState, to: ReservationState): Promise<boolean>;
  /**
   * Condemns the reservations whose lease lapsed before.
   *
   * @returns how many.
   */
  condemnLapsed(now: UtcTimestamp): Promise<number>;
  /** Those of the ids that are a version's or a reservation's, sorted. */
  findKnown(versionIds: readonly string[]): Promise<readonly string[]>;
  /** Records a state; one of the same store and key is replaced. */
  putStored(manifests: readonly StoredManifest[]): Promise<void>;
  /** What is recorded of these keys of a store, sorted by key. */
  findStored(storeName: string, keys: readonly string[]): Promise<readonly StoredManifest[]>;
  /** Where the manifest of a version is, sorted by store. */
  findStoredOf(versionId: string): Promise<readonly StoredManifest[]>;
  deleteStored(storeName: string, key: string): Promise<void>;
  /** The ids of the versions of which no store is known to have a manifest by name, sorted. */
  listUnnamed(): Promise<readonly string[]>;
}
