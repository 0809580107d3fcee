export { memoryCapabilities } from './storage/memory-capabilities.ts';
export { MemoryStorageAdapter, type MemoryStorageAdapterOptions } from './storage/memory-storage-adapter.ts';
export { MemoryStore } from './storage/memory-store.ts';
export { MemoryRegistryRecords } from './registry/memory-registry-records.ts';
export { MemoryRegistryStore } from './registry/memory-registry-store.ts';
