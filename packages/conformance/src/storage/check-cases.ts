import type { StorageAdapter } from '@holdfast/ports';
import { StorageError } from '@holdfast/ports';
import { expect } from 'vitest';
import { listKeys, listObjects } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { type StorageCase, inGroup } from './storage-case.ts';
import { declarationCase } from './storage-declaration.ts';
import { within } from './within.ts';

const key = objectKey('present');

export const checkCases: readonly StorageCase[] = inGroup('check', [
  {
    name: declarationCase,
    run: async ({ adapter, capabilities, open }) => {
      expect(adapter.capabilities).toEqual(capabilities);
      expect((await open()).capabilities).toEqual(capabilities);
      expect(adapter.backend).toEqual(expect.stringMatching(/^[a-z]/));
    },
  },
  {
    name: 'finds a store in order, and leaves no probe behind',
    run: async ({ adapter }) => {
      await putSample(adapter, key);
      await adapter.check();
      await adapter.check({ write: true });
      await Promise.all([adapter.check({ write: true }), adapter.check({ write: true, timeoutMs: 10_000 })]);
      expect(await listKeys(adapter)).toEqual([key]);
    },
  },
  {
    name: 'tells that a store is missing, in time',
    needsMissingStore: true,
    run: async ({ openMissing }) => {
      const check = (async () => (await openMissing()).check({ timeoutMs: 2_000 }))();
      await within(3_000, expectStorageError(check));
    },
  },
  {
    name: 'takes a missing store for an error, not for an empty one',
    needsMissingStore: true,
    run: async ({ openMissing }) => {
      const bytes = new Uint8Array([1]);
      const operations: readonly ((adapter: StorageAdapter) => Promise<unknown>)[] = [
        (adapter) => adapter.get(key),
        (adapter) => adapter.head(key),
        (adapter) => listObjects(adapter),
        (adapter) => adapter.copy(key, objectKey('other')),
        (adapter) => adapter.put(key, bytes),
        (adapter) => adapter.check(),
      ];
      for (const operation of operations)
        await expectStorageError((async () => operation(await openMissing()))());
    },
  },
]);

async function expectStorageError(work: Promise<unknown>): Promise<void> {
  const error: unknown = await work.then(
    () => expect.fail('a missing store was taken for one that is there'),
    (reason: unknown) => reason,
  );
  expect(StorageError.isInstance(error), String(error)).toBe(true);
}
