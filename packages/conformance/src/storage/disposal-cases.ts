import type { StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { listObjects } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('kept');

const attempts: Readonly<Record<string, (adapter: StorageAdapter) => Promise<unknown>>> = {
  put: (adapter) => adapter.put(key, sampleBytes(3)),
  get: (adapter) => adapter.get(key),
  head: (adapter) => adapter.head(key),
  delete: (adapter) => adapter.delete([{ key }]),
  list: (adapter) => listObjects(adapter),
  copy: (adapter) => adapter.copy(key, objectKey('other')),
  check: (adapter) => adapter.check(),
};

export const disposalCases: readonly StorageCase[] = inGroup('disposal', [
  {
    name: 'can be disposed twice, and at once',
    run: async ({ open }) => {
      const handle = await open();
      await putSample(handle, key);
      await Promise.all([handle[Symbol.asyncDispose](), handle[Symbol.asyncDispose]()]);
      await handle[Symbol.asyncDispose]();
    },
  },
  {
    name: 'refuses everything after its disposal',
    run: async ({ adapter, open }) => {
      const handle = await open();
      await putSample(handle, key);
      await handle[Symbol.asyncDispose]();
      for (const [operation, attempt] of Object.entries(attempts)) {
        await expectFailure(attempt(handle), 'invalid-argument', { adapter, operation });
      }
      await expectObject(adapter, key, Buffer.from(key));
    },
  },
  {
    name: 'leaves other handles alone',
    run: async ({ adapter, open }) => {
      const handle = await open();
      await putSample(handle, key);
      await handle[Symbol.asyncDispose]();
      await expectObject(adapter, key, Buffer.from(key));
      await adapter.put(key, sampleBytes(300_000));
      await expectObject(adapter, key, sampleBytes(300_000));
    },
  },
  {
    name: 'finishes what is under way before it ends',
    run: async ({ adapter, open, borderSizesBytes }) => {
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes]) {
        const handle = await open();
        const bytes = sampleBytes(sizeBytes + 1);
        const source = new GatedSource(bytes, bytes);
        const put = handle.put(key, source);
        await source.paused;
        let isDisposed = false;
        const disposal = (async (): Promise<void> => {
          await handle[Symbol.asyncDispose]();
          isDisposed = true;
        })();
        await expectFailure(handle.head(key), 'invalid-argument', { adapter, operation: 'head' });
        expect(isDisposed, 'disposed while a put is under way').toBe(false);
        source.resume();
        await put;
        await disposal;
        await expectObject(adapter, key, Buffer.concat([bytes, bytes]));
      }
    },
  },
]);
