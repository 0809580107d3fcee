import { describeRegistryStore } from '@holdfast/conformance';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemoryRegistryStore } from './memory-registry-store.ts';

describeRegistryStore('MemoryRegistryStore', {
  createStore: () => {
    const records = new MemoryRegistryRecords();
    return { open: () => new MemoryRegistryStore({ records }) };
  },
  propertyRuns: 50,
});
