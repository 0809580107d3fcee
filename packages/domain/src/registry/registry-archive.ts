import type { JsonValue } from '../json-value.ts';
import type { Digest } from '../storage/digest.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';
import type { AliasMove } from './alias.ts';
import type { ModelVersion } from './model-version.ts';
import type { Model } from './model.ts';
import type { ArchivedRecord } from './records/record-descriptor.ts';
import type { ReferenceOwner } from './records/reference-owner.ts';
import type { Page } from './repository.ts';
import type { ObjectLocation } from './stored-object.ts';

/** One record of a registry as it is kept outside of it, independent of what the registry is kept in. */
export type RegistryRecord =
  | { readonly kind: 'model'; readonly model: Model }
  /** The greatest version number that was given out for a name; it outlives the model. */
  | { readonly kind: 'counter'; readonly name: string; readonly last: number }
  | { readonly kind: 'version'; readonly version: ModelVersion }
  /** Some of the digests that a version or a record needs; those of one owner may come in several records. */
  | { readonly kind: 'references'; readonly owner: ReferenceOwner; readonly digests: readonly Digest[] }
  /** An alias by its moves, oldest first: the last one says where it points, their number is its revision. */
  | {
      readonly kind: 'alias';
      readonly modelId: string;
      readonly name: string;
      readonly moves: readonly Omit<AliasMove, 'modelId' | 'name'>[];
    }
  | { readonly kind: 'location'; readonly location: ObjectLocation }
  /** A record of the collection `of`. */
  | { readonly kind: 'record'; readonly of: string; readonly record: ArchivedRecord }
  /** Some points of a series, in their order; those of one series come in several records. */
  | {
      readonly kind: 'series';
      readonly of: string;
      readonly owner: string;
      readonly key: string;
      /** How many points of the series come before these. */
      readonly start: number;
      readonly points: readonly ArchivedPoint[];
    };

/** Step, milliseconds since 1970, and the value as `encodeValue` prints it. */
export type ArchivedPoint = readonly [step: number, atMs: number, value: JsonValue];

/** Most points of one archived record. */
export const archivedPointsAtOnce = 200;

export type RegistryRecordKind = RegistryRecord['kind'];

/** Every kind, in an order in which records can be written again. */
export const registryRecordKinds: readonly RegistryRecordKind[] = [
  'model',
  'counter',
  'version',
  'references',
  'alias',
  'record',
  'series',
  'location',
];

/** A digest that a version or record needs, and where its bytes lie, sorted by store. */
export interface NeededObject {
  readonly digest: Digest;
  readonly locations: readonly ObjectLocation[];
}

/** Some of a listing. */
export interface ArchiveQuery {
  /** Most entries, from 1 up; all of them when not given. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** The lease of a digest that a holder of many has. */
export function heldLeaseId(holder: string, digest: Digest): string {
  return `${holder}:${digest}`;
}

/**
 * A whole registry, in and out. Called inside a unit of work, it sees one state of it.
 *
 * Leases and condemned digests are not archived: they are of the moment.
 */
export interface RegistryArchive {
  /** The records of a kind, in an order of their own. */
  list(kind: RegistryRecordKind, query?: ArchiveQuery): Promise<Page<RegistryRecord>>;
  /** What versions and records need, each digest once, sorted. */
  listNeeded(query?: ArchiveQuery): Promise<Page<NeededObject>>;
  /** Whether there are no models, no versions, no records and no references. Numbers that were given out may be known all the same. */
  isEmpty(): Promise<boolean>;
  /**
   * Writes records as they are, with their ids, revisions and times. Of two counters of a name the greater one stands;
   * an alias or a location that is there is replaced.
   *
   * @throws StorageError `already-exists` when the id, name or number of a model or version, or a unique field of a record, is taken.
   */
  insert(records: readonly RegistryRecord[]): Promise<void>;
  /**
   * Writes a version over its own record that is damaged. With `proof` `checksum` only when that is what the record was
   * before, by its checksum; with `manifest` whenever it is there, since what is immutable of the version comes from the
   * manifest that its digest names.
   *
   * @returns whether it was written.
   */
  mendVersion(version: ModelVersion, proof: 'checksum' | 'manifest'): Promise<boolean>;
  /** Gives the registry the id of another one, whose place it takes. */
  adoptId(registryId: string): Promise<void>;
  /** Leases every digest that a version or record needs and the holder does not hold yet, under {@link heldLeaseId}. */
  holdNeeded(holder: string, expiresAt: UtcTimestamp): Promise<void>;
  /** Renews the leases of a holder that stand. */
  renewHold(holder: string, expiresAt: UtcTimestamp): Promise<void>;
  /** How many leases of a holder stand. */
  countHold(holder: string): Promise<number>;
  /** Ends the leases of a holder. */
  endHold(holder: string): Promise<void>;
}
