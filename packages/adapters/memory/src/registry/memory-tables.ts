import type {
  Alias,
  AliasMove,
  Condemnation,
  Digest,
  Entity,
  GrowingSummary,
  Lease,
  Model,
  ModelVersion,
  ObjectLocation,
  StoreRetirement,
  PendingDeletion,
  SeriesPoint,
  StoredManifest,
  VersionReservation,
} from '@holdfast/domain';
import { ForkableMap } from './forkable-map.ts';
import { ForkableMaps } from './forkable-maps.ts';

/** An alias, with the last revision of its name even after it was removed. */
export interface AliasEntry {
  readonly alias: Alias | undefined;
  readonly revision: number;
  readonly history: readonly AliasMove[];
}

/** The points of a series in batches, each in the order in which it was appended. */
export interface MemorySeries {
  readonly batches: readonly (readonly PositionedPoint[])[];
  /** The position of the next point. */
  readonly next: number;
  readonly summary: GrowingSummary;
}

/** A point with how many were appended to its series before it. */
export interface PositionedPoint {
  readonly point: SeriesPoint;
  readonly position: number;
}

/** The records of a registry. Each record is frozen. */
export class MemoryTables {
  registryId: string = '';
  /** Oldest first. */
  generations: readonly string[] = [];
  place: string | undefined;
  /** By id. */
  models: ForkableMap<Model> = new ForkableMap();
  /** Ids by name. */
  modelIds: ForkableMap<string> = new ForkableMap();
  /** By id. */
  versions: ForkableMap<ModelVersion> = new ForkableMap();
  /** Ids of versions by the id of their model. */
  versionIds: ForkableMap<readonly string[]> = new ForkableMap();
  /** The greatest number that was given out, by name. */
  counters: ForkableMap<number> = new ForkableMap();
  /** The versions that were removed, as {@link versionNumberKey} names them. */
  removedVersions: ForkableMap<true> = new ForkableMap();
  /** By the model's id, then name. */
  aliases: ForkableMap<ReadonlyMap<string, AliasEntry>> = new ForkableMap();
  /** By id. */
  leases: ForkableMap<Lease> = new ForkableMap();
  /** Digests by the owner, as `printReferenceOwner` prints it. */
  references: ForkableMap<ReadonlySet<Digest>> = new ForkableMap();
  /** By digest, then store. */
  locations: ForkableMap<ReadonlyMap<string, ObjectLocation>> = new ForkableMap();
  /** By the name of the store. */
  retirements: ForkableMap<StoreRetirement> = new ForkableMap();
  /** By digest. */
  condemned: ForkableMap<Condemnation> = new ForkableMap();
  /** By id. */
  deletions: ForkableMap<PendingDeletion> = new ForkableMap();
  /** By the id of the version. */
  reservations: ForkableMap<VersionReservation> = new ForkableMap();
  /** By kind, then id. */
  records: ForkableMaps<Entity> = new ForkableMaps();
  /** Ids by kind and unique fields, then the values of these. */
  uniqueFields: ForkableMaps<string> = new ForkableMaps();
  /** By kind, then owner, then key. */
  series: ForkableMaps<ReadonlyMap<string, MemorySeries>> = new ForkableMaps();
  /** By store and key. */
  manifests: ForkableMap<StoredManifest> = new ForkableMap();

  /** Tables with the same records, to be changed on their own. */
  fork(): MemoryTables {
    const fork = new MemoryTables();
    fork.registryId = this.registryId;
    fork.generations = this.generations;
    fork.place = this.place;
    fork.models = this.models.fork();
    fork.modelIds = this.modelIds.fork();
    fork.versions = this.versions.fork();
    fork.versionIds = this.versionIds.fork();
    fork.counters = this.counters.fork();
    fork.removedVersions = this.removedVersions.fork();
    fork.aliases = this.aliases.fork();
    fork.leases = this.leases.fork();
    fork.references = this.references.fork();
    fork.locations = this.locations.fork();
    fork.retirements = this.retirements.fork();
    fork.condemned = this.condemned.fork();
    fork.deletions = this.deletions.fork();
    fork.reservations = this.reservations.fork();
    fork.manifests = this.manifests.fork();
    fork.records = this.records.fork();
    fork.uniqueFields = this.uniqueFields.fork();
    fork.series = this.series.fork();
    return fork;
  }
}

/** Which version of which name something is about. */
export function versionNumberKey({ modelName, number }: Pick<ModelVersion, 'modelName' | 'number'>): string {
  return `${modelName}:${number}`;
}
