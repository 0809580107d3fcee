import type { Digest } from '../storage/digest.ts';
import type { AliasRepository } from './alias-repository.ts';
import type { ManifestLedger } from './manifest-ledger.ts';
import type { ModelRepository } from './model-repository.ts';
import type { ModelVersionRepository } from './model-version-repository.ts';
import type { ObjectLedger } from './object-ledger.ts';
import type { RecordCollections } from './records/record-collection.ts';
import type { ReferenceOwner } from './records/reference-owner.ts';
import type { SeriesCollections } from './records/series-collection.ts';
import type { RegistryArchive, RegistryRecordKind } from './registry-archive.ts';
import type { RegistryFence } from './registry-fence.ts';

/** The repositories of the registry. */
export interface Repositories {
  readonly models: ModelRepository;
  readonly versions: ModelVersionRepository;
  readonly aliases: AliasRepository;
  readonly objects: ObjectLedger;
  readonly archive: RegistryArchive;
  readonly manifests: ManifestLedger;
  readonly fence: RegistryFence;
  /** Everything that is kept as records of a kind. */
  readonly records: RecordCollections;
  /** Series of numbers that belong to records. */
  readonly series: SeriesCollections;
}

/** A record of the registry that is not as it was written. */
export interface DamagedRecord {
  readonly kind: RegistryRecordKind | 'database';
  /** Which one it is, as `version 3 of model-id`. */
  readonly subject: string;
  /** What is wrong. */
  readonly reason: string;
  /** What it is about, where that is a record of some kind. */
  readonly owner?: ReferenceOwner;
  /** The version that it is about, where it is about one. */
  readonly versionId?: string;
  /** The model that it is about, where it is about one. */
  readonly modelId?: string;
  /** The number of the version that it is about, with the model. */
  readonly number?: number;
  /** The object that it is about, where it is about one. */
  readonly digest?: Digest;
}

/** A registry's records: repositories, each call of its own transaction, and units of work over several. */
export interface RegistryStore extends AsyncDisposable {
  readonly repositories: Repositories;
  /**
   * Runs work over several repositories as one serializable transaction:
   * committed when it ends, rolled back when it throws, and the error passed on.
   * The repositories handed to the work are valid until it ends; do not use the outer ones inside it.
   *
   * The work may run more than once, when others committed meanwhile: what an earlier run did through the repositories
   * is undone, so everything else that it does must bear repetition.
   */
  unitOfWork<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** The registry's own id, made once or adopted, which a store that belongs to it names. */
  registryId(): Promise<string>;
  /**
   * Reads every record and checks that it is as it was written, as far as the store keeps checksums, and the database
   * itself, where it can. Gives what is damaged, page by page; a page without damage is empty.
   */
  checkRecords(): AsyncIterable<readonly DamagedRecord[]>;
  /**
   * Where the records are now, as far as the system tells: it changes when they are copied, and when the machine is
   * started again.
   */
  place(): Promise<string>;
}
