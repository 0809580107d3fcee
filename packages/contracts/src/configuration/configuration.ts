import type { LocalAccessConfiguration } from './local-access.ts';
import type { PostgresFields } from './postgres-fields.ts';
import type { AzureStoreConfiguration } from './stores/azure-store.ts';
import type { DatabaseStoreConfiguration } from './stores/database-store.ts';
import type { GcsStoreConfiguration } from './stores/gcs-store.ts';
import type { MlflowStoreConfiguration } from './stores/mlflow-store.ts';
import type { RedisStoreConfiguration } from './stores/redis-store.ts';
import type { S3StoreConfiguration } from './stores/s3-store.ts';

/** The version of the configuration that this program reads and writes. */
export const configurationVersion = 1;

interface FolderStoreConfiguration {
  readonly backend: 'local_filesystem';
  /** The store's folder. */
  readonly root: string;
  /** Whether a missing store reads as empty and is made by the first write. */
  readonly createIfMissing: boolean;
  /** When a write is on the disk. */
  readonly durability: 'full' | 'data' | 'none';
  /** Which users of this machine may use what is made; its owner where it is not given. */
  readonly access?: LocalAccessConfiguration | undefined;
}

/** A store of its own in a folder of this machine: files for bytes, an index for what they mean. */
export interface StoreLayoutStoreConfiguration extends FolderStoreConfiguration {
  readonly layout: 'store';
  /** Objects up to this size lie in the store's index, larger ones in files of their own. */
  readonly inlineLimitBytes: number;
  /** How long a write waits for other processes that write. */
  readonly busyTimeoutMs: number;
  /** What the folder lies on; found out where it is not given. */
  readonly medium?: 'local' | 'network' | undefined;
}

/** A folder of files of this machine, which are the objects. */
export interface PlainLayoutStoreConfiguration extends FolderStoreConfiguration {
  readonly layout: 'plain';
}

/** A store in a folder of this machine, by its layout. */
export type LocalFilesystemStoreConfiguration = StoreLayoutStoreConfiguration | PlainLayoutStoreConfiguration;

/** A store in the memory of the process, gone with it. */
export interface MemoryStoreConfiguration {
  readonly backend: 'memory';
}

/** One store, by its backend. */
export type StoreConfiguration =
  | LocalFilesystemStoreConfiguration
  | MemoryStoreConfiguration
  | S3StoreConfiguration
  | AzureStoreConfiguration
  | GcsStoreConfiguration
  | RedisStoreConfiguration
  | MlflowStoreConfiguration
  | DatabaseStoreConfiguration;

/** The registry's database. */
export interface DatabaseConfiguration extends PostgresFields {
  /** `sqlite:PATH`, `sqlite::memory:`, `memory:`, or `postgres://USER@HOST:PORT/DATABASE` without a password. */
  readonly url: string;
  /** SQLite: which users of this machine may use what is made; its owner where it is not given. */
  readonly access?: LocalAccessConfiguration | undefined;
  /** How long a write waits for other processes that write. */
  readonly busyTimeoutMs: number;
}

/** What Holdfast runs with: complete, valid, every default filled in. */
export interface Configuration {
  readonly version: typeof configurationVersion;
  /** Stores by name. */
  readonly stores: Readonly<Record<string, StoreConfiguration>>;
  /** The store that is used when none is named. */
  readonly defaultStore: string;
  readonly database: DatabaseConfiguration;
}
