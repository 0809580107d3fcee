import type { Digest } from '../storage/digest.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';
import type { ReferenceOwner } from './records/reference-owner.ts';
import type { Page } from './repository.ts';
import type { Lease, ObjectLocation, StoreRetirement } from './stored-object.ts';

/** What a listing of locations is limited to. */
export interface LocationQuery {
  readonly storeName?: string | undefined;
  readonly state?: ObjectLocation['state'] | undefined;
  /** Only those last read before this moment, and those found corrupt whenever that was. */
  readonly notVerifiedSince?: UtcTimestamp | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** How many locations there are, and how large what lies there is. */
export interface LocationTotals {
  readonly count: number;
  readonly sizeBytes: number;
}

/** A digest that nothing needs. */
export interface UnreferencedObject {
  readonly digest: Digest;
  /** When its last lease lapses; absent when it has none. */
  readonly leasedUntil?: UtcTimestamp;
}

/** That somebody is about to delete the objects of a digest. */
export interface Condemnation {
  readonly digest: Digest;
  /** Who deletes them: nobody else may. Empty when it was made before condemnations had owners. */
  readonly by: string;
  /** The stores in which the owner, or one whom it took over from, may be deleting; sorted. */
  readonly storeNames: readonly string[];
}

/** Who condemns, or goes on with it, and where it deletes. */
export interface CondemnOptions extends Pick<Condemnation, 'by' | 'storeNames'> {
  /** A lease that lapsed before does not stand. */
  readonly now: UtcTimestamp;
}

/**
 * Which digests are needed, by whom, and where their bytes lie.
 *
 * It is what lets a collector work beside savers without any clock deciding: a digest is condemned
 * only while nothing refers to it and no lease stands, and no process can lease a condemned digest.
 * A condemnation has one owner at a time; who took it over is the owner, and who was taken over notices.
 */
export interface ObjectLedger {
  /**
   * Writes or renews a lease, by its id.
   *
   * @throws StorageError `locked` when the digest is condemned: wait for the collector, then save again.
   */
  putLease(lease: Lease): Promise<void>;
  findLease(id: string): Promise<Lease | undefined>;
  /** Ends leases; those that are gone already are passed over. */
  deleteLeases(ids: readonly string[]): Promise<void>;
  /**
   * Ends the leases that lapsed before, whatever their digests: those of the dead would stay for ever.
   *
   * @returns how many.
   */
  deleteLapsedLeases(now: UtcTimestamp): Promise<number>;
  /** Notes that a version or record needs these digests. What records need is noted when they are saved. */
  addReferences(owner: ReferenceOwner, digests: readonly Digest[]): Promise<void>;
  /** Forgets what a version or record needed. */
  deleteReferences(owner: ReferenceOwner): Promise<void>;
  /** What a version or record needs, sorted. */
  findReferences(owner: ReferenceOwner): Promise<readonly Digest[]>;
  /** Those of the digests that nothing refers to, sorted, each with the latest end of its leases. */
  findUnreferenced(digests: readonly Digest[]): Promise<readonly UnreferencedObject[]>;
  /** The versions and records that need a digest, sorted as `printReferenceOwner` prints them. */
  findOwners(digest: Digest): Promise<readonly ReferenceOwner[]>;
  /** Writes a location; one of the same digest and store is replaced. */
  putLocation(location: ObjectLocation): Promise<void>;
  /** Where a digest lies, sorted by store. */
  findLocations(digest: Digest): Promise<readonly ObjectLocation[]>;
  /** All locations, by digest, then store. */
  listLocations(query?: LocationQuery): Promise<Page<ObjectLocation>>;
  /** Counts the locations that a listing would give, without listing them. */
  measureLocations(query?: Omit<LocationQuery, 'limit' | 'after'>): Promise<LocationTotals>;
  /** The digests that a version or record needs and for which no location is known, sorted. There should be none. */
  listUnlocated(query?: Pick<LocationQuery, 'limit' | 'after'>): Promise<Page<Digest>>;
  /**
   * Notes that locations were found intact. One that was changed or removed since it was seen is left alone:
   * somebody has repaired, moved or deleted what lies there.
   */
  noteVerified(seen: readonly ObjectLocation[], verifiedAt: UtcTimestamp): Promise<void>;
  deleteLocation(digest: Digest, storeName: string): Promise<void>;
  /** Notes that a store takes no more objects; an earlier note of the same store is replaced. */
  putRetirement(retirement: StoreRetirement): Promise<void>;
  /** The stores that take no more objects, sorted by name. */
  listRetirements(): Promise<readonly StoreRetirement[]>;
  /** Lets a store take objects again. */
  deleteRetirement(storeName: string): Promise<void>;
  /**
   * Condemns those of the digests that nothing refers to, no standing lease covers and no other owner has condemned,
   * and ends their lapsed leases, so that whoever held one notices before publishing.
   *
   * @returns those of the digests that `by` has condemned, by an earlier call included.
   */
  condemn(digests: readonly Digest[], options: CondemnOptions): Promise<readonly Digest[]>;
  /**
   * Makes `by` the owner of a condemnation. Its stores are added to those of the owners before, in which a deletion
   * may be on its way still.
   *
   * @returns the condemnation as it is now; `undefined` when the digest is not condemned.
   */
  takeOver(digest: Digest, options: Omit<CondemnOptions, 'now'>): Promise<Condemnation | undefined>;
  findCondemnation(digest: Digest): Promise<Condemnation | undefined>;
  /** All condemnations, by digest: a few, unless a collection was interrupted. */
  listCondemned(): Promise<readonly Condemnation[]>;
  /**
   * Lifts those condemnations that `by` owns, once the objects are deleted.
   *
   * @returns the digests of those that were lifted.
   */
  absolve(digests: readonly Digest[], by: string): Promise<readonly Digest[]>;
}
