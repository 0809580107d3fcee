import { type StorageHarness, runStorageCase, storageCaseNamed } from '@holdfast/conformance';
import { expect, test } from 'vitest';
import { memoryCapabilities } from '../../src/storage/memory-capabilities.ts';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';

type AdapterClass = typeof MemoryStorageAdapter;

/** An adapter that is broken on purpose, and a case that has to notice. */
export type Bite = readonly [Broken: AdapterClass, caseName: string];

/** Registers a test for each: the sound adapter passes the case, the broken one fails it, and not by crashing. */
export function testBites(bites: readonly Bite[], Sound: AdapterClass = MemoryStorageAdapter): void {
  test.each(bites.map(([Broken, name]) => [Broken.name, name, Broken] as const))(
    '%s fails "%s"',
    async (_name, name, Broken) => {
      const one = storageCaseNamed(name);
      await runStorageCase(one, harnessOf(Sound));
      const error: unknown = await runStorageCase(one, harnessOf(Broken)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(TypeError);
    },
  );
}

/** A fresh store for every case, under an adapter of this class. */
export function harnessOf(Adapter: AdapterClass): StorageHarness {
  const createStore: StorageHarness['createStore'] = () => {
    const store = new MemoryStore();
    return { open: () => new Adapter({ store }) };
  };
  return { capabilities: memoryCapabilities, createStore, keepsBytesInProcess: true };
}
