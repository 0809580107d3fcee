import type { ReservationState } from '@holdfast/domain';

/** Columns of `models`; `document` holds the fields that have no column. */
export interface ModelTable {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly document: string;
  /** What listings show beside the record, as JSON: kept up to date by every write of a version or an alias. */
  readonly summary: string;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

/** The tags by which a model is found: its own, and those of its newest version. */
export interface ModelTagTable {
  readonly model_id: string;
  readonly source: 'model' | 'latest';
  readonly key: string;
  readonly value: string;
}

/** Columns of `model_versions`; `document` holds the fields that have no column. */
export interface ModelVersionTable {
  readonly id: string;
  readonly model_id: string;
  readonly number: number;
  readonly status: string;
  readonly verdict: string;
  readonly format: string;
  readonly digest: string;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly document: string;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

export interface VersionTagTable {
  readonly version_id: string;
  readonly key: string;
  readonly value: string;
}

/** The greatest number that was given out for a name; it outlives the model. */
export interface NumberCounterTable {
  readonly name: string;
  readonly last: number;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

/** An alias; a removed one keeps its row, without a number, so that its revisions go on counting. */
export interface AliasTable {
  readonly model_id: string;
  readonly name: string;
  readonly number: number | null;
  readonly revision: number;
  readonly updated_at: string;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

export interface AliasMoveTable {
  readonly model_id: string;
  readonly name: string;
  readonly revision: number;
  readonly from_number: number | null;
  readonly to_number: number | null;
  readonly at: string;
  /** Who moved it, as far as it is known. */
  readonly by_actor: string | null;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

/** A version that was removed: its number is never used again. */
export interface RemovedVersionTable {
  readonly model_name: string;
  readonly number: number;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

export interface LeaseTable {
  readonly id: string;
  readonly digest: string;
  readonly expires_at: string;
}

export interface ObjectReferenceTable {
  /** What needs the object, as `printReferenceOwner` prints it. */
  readonly owner: string;
  readonly digest: string;
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

export interface ObjectLocationTable {
  readonly digest: string;
  readonly store_name: string;
  readonly key: string;
  readonly size_bytes: number;
  readonly verified_at: string;
  readonly state: 'verified' | 'corrupt';
  /** Of the other columns, as `sealed` makes it. */
  readonly checksum: string;
}

/** A store that takes no more objects. */
export interface StoreRetirementTable {
  readonly store_name: string;
  readonly state: 'retiring' | 'retired';
  readonly since: string;
}

export interface CondemnedObjectTable {
  readonly digest: string;
  /** Who deletes the objects; empty for what was condemned before there were owners. */
  readonly owner: string;
  /** The stores in which an owner may be deleting, as a JSON array. */
  readonly store_names: string;
}

export interface MetaTable {
  readonly key: string;
  readonly value: string;
}

/** The generations that a registry has had, by the order in which it took them. */
export interface RegistryGenerationTable {
  readonly position: number;
  readonly id: string;
}

/** The deletions that are under way. */
export interface DeletionTable {
  readonly id: string;
  readonly started_at: string;
  readonly is_closed: number;
}

/** Every number that was reserved for a version, and what became of it; it outlives the version. */
export interface VersionReservationTable {
  readonly version_id: string;
  readonly name: string;
  readonly number: number;
  readonly state: ReservationState;
  readonly leased_until: string;
}

/** The manifests by name and tombstones that this registry wrote or read, in the state that it knows. */
export interface VersionManifestTable {
  readonly store_name: string;
  readonly key: string;
  readonly version_id: string;
  readonly etag: string;
}

/** The tables of the registry, but for those of kinds of records. */
export interface RegistrySchema {
  readonly models: ModelTable;
  readonly model_tags: ModelTagTable;
  readonly model_versions: ModelVersionTable;
  readonly version_tags: VersionTagTable;
  readonly number_counters: NumberCounterTable;
  readonly removed_versions: RemovedVersionTable;
  readonly aliases: AliasTable;
  readonly alias_moves: AliasMoveTable;
  readonly leases: LeaseTable;
  readonly object_references: ObjectReferenceTable;
  readonly object_locations: ObjectLocationTable;
  readonly store_retirements: StoreRetirementTable;
  readonly condemned_objects: CondemnedObjectTable;
  readonly meta: MetaTable;
  readonly registry_generations: RegistryGenerationTable;
  readonly deletions: DeletionTable;
  readonly version_reservations: VersionReservationTable;
  readonly version_manifests: VersionManifestTable;
}
