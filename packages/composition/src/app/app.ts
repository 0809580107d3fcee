import type { SlowQuery } from '@holdfast/adapter-sql';
import type { RegistryStore } from '@holdfast/domain';
import type {
  AdoptionService,
  BackupService,
  CollectionService,
  ExperimentTrackingService,
  MirrorService,
  ModelManagementService,
  ModelPersistenceService,
  RegistryRebuildService,
  RestoreService,
  RetirementService,
  TargetJournal,
  VerificationService,
} from '@holdfast/registry';
import type { StorageHealthCheck, StorageService } from '@holdfast/storage';
import type { StorageAdapterFactory } from './storage-adapter-factory.ts';

/** How an {@link App} is made. */
export interface AppOptions {
  /**
   * Whether what is missing is made: the database and its folder. Without it an app on a database that is not there
   * has an empty registry that cannot be written to, and nothing is made. @default true
   */
  readonly create?: boolean | undefined;
  /** Adds backends and stores of your own, before anything is opened. */
  readonly register?: (adapters: StorageAdapterFactory) => void;
  /** Whom histories name for what is changed, such as a login. @default no name */
  readonly actor?: string | undefined;
  /** Told of every statement to the database that took longer than a second. */
  readonly onSlowQuery?: (query: SlowQuery) => void;
  /** From when on a statement took long. @default 1_000 */
  readonly slowQueryMs?: number | undefined;
  /**
   * What is done with room that local stores and the registry keep on their disks, so that a full one can be emptied.
   * @default nothing
   */
  readonly reserve?: 'keep' | 'use' | undefined;
  /** Where runs on this machine note what they write beside the paths of users. @default the user's cache folder */
  readonly cacheFolder?: string | undefined;
  /** Ends waiting for a locked database while it is opened. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Everything that a configuration makes, each made when it is first asked for, and once.
 *
 * Disposing it waits for what is being opened, closes everything that was opened, the last first,
 * and refuses whatever is asked for afterwards.
 */
export interface App extends AsyncDisposable {
  /** The stores' adapters, by name and by backend. */
  readonly adapters: StorageAdapterFactory;
  /** Storage over all configured stores. Belongs to the app: do not dispose it. */
  readonly storage: () => Promise<StorageService>;
  /**
   * Looks how the stores are, each also where another one cannot even be opened. One object for all who ask, so that
   * they share what it remembers.
   */
  readonly health: () => Promise<StorageHealthCheck>;
  /**
   * The records of models and versions. Belongs to the app: do not dispose it.
   *
   * @throws StorageError when the database cannot be opened; the next call tries again.
   */
  readonly registry: () => Promise<RegistryStore>;
  /** Models, versions and aliases. */
  readonly models: () => Promise<ModelManagementService>;
  /** What commands on this machine were writing, and what killed ones left. */
  readonly targets: () => Promise<TargetJournal>;
  /** Models in and out. */
  readonly persistence: () => Promise<ModelPersistenceService>;
  /** Looks whether everything that is registered is as it was stored. */
  readonly verification: () => Promise<VerificationService>;
  /** Deletes what no version needs. */
  readonly collection: () => Promise<CollectionService>;
  /** Takes the registry, and what it needs, out. */
  readonly backup: () => Promise<BackupService>;
  /** Brings a backup back. */
  readonly restore: () => Promise<RestoreService>;
  /** Makes a lost registry anew from its stores. */
  readonly rebuild: () => Promise<RegistryRebuildService>;
  /** Adopts or forgets the versions in stores that the registry does not know. */
  readonly adoption: () => Promise<AdoptionService>;
  /** Brings stores into other stores, and remembers it. */
  readonly mirroring: () => Promise<MirrorService>;
  /** Experiments, training runs and their metrics. */
  readonly tracking: () => Promise<ExperimentTrackingService>;
  /** Takes stores out of use. */
  readonly retirement: () => Promise<RetirementService>;
}
