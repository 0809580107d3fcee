import type { ListPage, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { listKeys } from './list-objects.ts';
import { objectKey, putSample, putSamples } from './put-sample.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const stable: readonly string[] = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8'];

/** What changes while a listing is under way. */
export const listChangeCases: readonly StorageCase[] = inGroup('list', [
  {
    name: 'stays complete when keys come behind and before the cursor',
    run: async ({ adapter }) => {
      await putSamples(adapter, stable);
      const keys = await listWhile(adapter, async (page) => {
        await putSample(adapter, objectKey(`a${page}`));
        await putSample(adapter, objectKey(`c${page}`));
      });
      expectOnceEach(keys);
    },
  },
  {
    name: 'stays complete when keys behind the cursor go',
    run: async ({ adapter }) => {
      await putSamples(adapter, [...stable, 'a1', 'a2', 'a3']);
      const keys = await listWhile(adapter, async (page) => {
        await adapter.delete([{ key: objectKey(`a${page}`) }]);
      });
      expectOnceEach(keys);
    },
  },
  {
    name: 'stays complete when the key under the cursor goes',
    run: async ({ adapter }) => {
      await putSamples(adapter, stable);
      const seen: string[] = [];
      for await (const { objects } of adapter.list({ pageSize: 1 })) {
        seen.push(...objects.map((info) => info.key));
        await adapter.delete(objects.map(({ key }) => ({ key })));
      }
      expect(seen.toSorted()).toEqual(stable);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'goes on after it was left open while much changed',
    run: async ({ adapter }) => {
      await putSamples(adapter, stable);
      let isFirst = true;
      const keys = await listWhile(adapter, async () => {
        if (!isFirst) return;
        isFirst = false;
        const others = Array.from({ length: 60 }, (_, index) => `a/${index}`);
        await putSamples(adapter, others);
        await putSamples(adapter, stable);
        await adapter.delete(others.map((key) => ({ key: objectKey(key) })));
      });
      expectOnceEach(keys);
    },
  },
  {
    name: 'can be left early, and begun anew',
    run: async ({ adapter }) => {
      await putSamples(adapter, stable);
      for (let round = 0; round < 20; round++) {
        for await (const page of adapter.list({ pageSize: 1 })) {
          expect(page.objects).toHaveLength(1);
          break;
        }
      }
      expect(await listKeys(adapter)).toEqual(stable);
    },
  },
  {
    name: 'lists twice at once without mixing',
    run: async ({ adapter }) => {
      await putSamples(adapter, stable);
      const both = await Promise.all([
        listKeys(adapter, { pageSize: 1 }),
        listKeys(adapter, { pageSize: 3 }),
      ]);
      expect(both).toEqual([stable, stable]);
    },
  },
]);

async function listWhile(
  adapter: StorageAdapter,
  change: (page: number) => Promise<void>,
): Promise<readonly string[]> {
  const pages: ListPage[] = [];
  for await (const page of adapter.list({ pageSize: 2 })) {
    pages.push(page);
    expect(pages.length, 'pages; the listing does not end').toBeLessThan(100);
    await change(pages.length);
  }
  return pages.flatMap((page) => page.objects.map((info) => info.key));
}

function expectOnceEach(keys: readonly string[]): void {
  expect(new Set(keys).size, 'no key is listed twice').toBe(keys.length);
  expect(keys.filter((key) => key.startsWith('b')).toSorted()).toEqual(stable);
}
