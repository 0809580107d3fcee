export { FilesystemStorageAdapter, type FilesystemStorageAdapterOptions } from './filesystem-storage-adapter.ts';
