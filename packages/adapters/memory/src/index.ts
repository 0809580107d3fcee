export { memoryCapabilities } from './storage/memory-capabilities.ts';
export { MemoryStorageAdapter, type MemoryStorageAdapterOptions } from './storage/memory-storage-adapter.ts';
export { MemoryStore } from './storage/memory-store.ts';
