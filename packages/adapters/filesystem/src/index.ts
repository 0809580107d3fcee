export { FilesystemStorageAdapter } from './filesystem-storage-adapter.ts';
export type {
  FilesystemStorageAdapterOptions,
  PlainLayoutOptions,
  StoreLayoutOptions,
} from './open-layout.ts';
export { Durability } from './storage-layout.ts';
