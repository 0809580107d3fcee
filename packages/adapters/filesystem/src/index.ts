export {
  FilesystemStorageAdapter,
  type FilesystemStorageAdapterOptions,
} from './filesystem-storage-adapter.ts';
export { Durability } from './storage-layout.ts';
