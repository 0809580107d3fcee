import { describeStorageAdapter } from '@holdfast/conformance';
import { memoryCapabilities } from './memory-capabilities.ts';
import { MemoryStorageAdapter } from './memory-storage-adapter.ts';
import { MemoryStore } from './memory-store.ts';

describeStorageAdapter('MemoryStorageAdapter', {
  capabilities: memoryCapabilities,
  createStore: () => {
    const store = new MemoryStore();
    return { open: () => new MemoryStorageAdapter({ store }) };
  },
  keepsBytesInProcess: true,
});
