import { type FolderMedium, type ReserveUse } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { type LocalAccess, localModes } from '@holdfast/files';
import { StorageError } from '@holdfast/ports';
import { PlainLayout } from './plain/plain-layout.ts';
import { Durability, type StorageLayout } from './storage-layout.ts';
import { StoreLayout } from './store/store-layout.ts';

interface FolderOptions {
  /** The store's folder. Made by the first write, unless `createIfMissing` is false. */
  readonly root: string;
  /** Whether a missing store reads as empty and is made by the first write; else it is `not-found`. @default true */
  readonly createIfMissing?: boolean | undefined;
  /** When a write is on the disk. @default 'full' */
  readonly durability?: Durability | undefined;
  /** Which users of the machine may use what is made in the folder. @default 'owner' */
  readonly access?: LocalAccess | undefined;
}

/** A store of its own: files for bytes, an index for what they mean. */
export interface StoreLayoutOptions extends FolderOptions {
  /** How objects are kept in the folder. @default 'store' */
  readonly layout?: 'store' | undefined;
  /** Objects up to this size lie in the index, larger ones in files of their own. @default 16384 */
  readonly inlineLimitBytes?: number | undefined;
  /** How long a write waits for other processes that write. @default 30000 */
  readonly busyTimeoutMs?: number | undefined;
  /**
   * What the folder lies on. In a network folder the index gets a rollback journal and belongs to one host, the first.
   * @default what `statfs` tells on Linux, else `local`
   */
  readonly medium?: FolderMedium | undefined;
  /** What is done with room that is kept on the disk so that a full one can be emptied. @default nothing */
  readonly reserve?: ReserveUse | undefined;
}

/** A folder of files, which are the objects; whatever was there before is one too. */
export interface PlainLayoutOptions extends FolderOptions {
  readonly layout: 'plain';
}

export type FilesystemStorageAdapterOptions = StoreLayoutOptions | PlainLayoutOptions;

/**
 * The layout that options name, in a folder.
 *
 * @throws StorageError `invalid-configuration` when there is no such layout, or an option means nothing in it.
 */
export function openLayout(root: string, options: FilesystemStorageAdapterOptions): StorageLayout {
  const { createIfMissing = true, durability = Durability.Full, access } = options;
  const folder = { root, createIfMissing, durability, modes: localModes(access) };
  if (options.layout === 'plain') {
    refuseStoreOptions(options);
    return new PlainLayout(folder);
  }
  if (options.layout !== undefined && options.layout !== 'store')
    throw invalid(
      `There is no layout ${JSON.stringify(options.layout)}.`,
      'The layouts are store and plain.',
    );
  const { inlineLimitBytes = 16_384, busyTimeoutMs = 30_000, medium, reserve } = options;
  return new StoreLayout({ ...folder, inlineLimitBytes, busyTimeoutMs, medium, reserve });
}

function refuseStoreOptions(options: PlainLayoutOptions): void {
  const given = ['inlineLimitBytes', 'busyTimeoutMs', 'medium', 'reserve'].filter(
    (name) => (options as unknown as Readonly<Record<string, unknown>>)[name] !== undefined,
  );
  if (given.length === 0) return;
  throw invalid(
    `${given.join(' and ')} mean nothing in the plain layout: it has no index.`,
    'Leave them out, or use the store layout.',
  );
}

function invalid(message: string, hint: string): StorageError {
  const backend = StorageBackend.LocalFilesystem;
  return new StorageError({ code: 'invalid-configuration', operation: 'open', backend, message, hint });
}
