import type { ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import type { CaseContext } from './case-context.ts';
import { expectAbsent, expectBytes, expectObject } from './expect-bytes.ts';
import { expectError, expectFailure } from './expect-failure.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys, listObjects } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('conditional');

/** Etags that some protocol gives a meaning of its own, or that never were one. */
const foreignEtags: readonly string[] = ['*', '"*"', '""', '', 'W/"1"', '0', 'never-an-etag'];

export const conditionCases: readonly StorageCase[] = inGroup('conditions', [
  {
    name: 'proves the conditions that it declares, and leaves nothing of the proof',
    needs: ['createIfAbsent'],
    run: async ({ adapter, capabilities }) => {
      await adapter.put(key, sampleBytes(10));
      expect((await adapter.proveConditions?.()) ?? []).toEqual([]);
      expect(adapter.capabilities).toEqual(capabilities);
      expect(await listKeys(adapter)).toEqual([key]);
    },
  },
  {
    name: 'creates only when nothing is there',
    needs: ['createIfAbsent'],
    run: (context) =>
      throughEveryPath(context, async (put, adapter) => {
        const made = await put(1, 'create');
        await expectFailure(put(2, 'create'), 'already-exists', { adapter, operation: 'put', key });
        expect(await adapter.head(key)).toEqual(made);
        await adapter.delete([{ key }]);
        await put(3, 'create');
      }),
  },
  {
    name: 'replaces only the state that is named',
    needs: ['replaceIfMatch'],
    run: (context) =>
      throughEveryPath(context, async (put, adapter) => {
        const failed = { adapter, operation: 'put', key };
        const first = await put(1);
        const second = await put(2, { ifMatch: first.etag });
        await expectFailure(put(3, { ifMatch: first.etag }), 'precondition-failed', failed);
        expect(await adapter.head(key)).toEqual(second);
        await adapter.delete([{ key }]);
        await expectFailure(put(4, { ifMatch: second.etag }), 'precondition-failed', failed);
        await expectAbsent(adapter, key);
      }),
  },
  {
    name: 'matches no etag that means something else elsewhere',
    needs: ['replaceIfMatch'],
    run: async ({ adapter }) => {
      const failed = { adapter, operation: 'put', key };
      const { etag } = await putSample(adapter, key);
      for (const ifMatch of [...foreignEtags, `${etag}, "other"`, `"other", ${etag}`, `${etag}x`]) {
        const put = adapter.put(key, sampleBytes(5), { mode: { ifMatch } });
        await expectFailure(put, 'precondition-failed', failed);
      }
      await expectObject(adapter, key, Buffer.from(key));
    },
  },
  {
    name: 'deletes only the state that is named',
    needs: ['deleteIfMatch'],
    run: async ({ adapter }) => {
      const stale = await putStale(adapter);
      const fresh = await putSample(adapter, key);
      for (const ifMatch of [stale.etag, ...foreignEtags]) {
        const [result] = await adapter.delete([{ key, ifMatch }]);
        expect(result).toMatchObject({ key });
        const error = result !== undefined && 'error' in result ? result.error : undefined;
        expectError(error, 'precondition-failed', { adapter, operation: 'delete', key });
      }
      expect(await adapter.head(key)).toEqual(fresh);
      expect(await adapter.delete([{ key, ifMatch: fresh.etag }])).toEqual([{ key, outcome: 'deleted' }]);
      expect(await adapter.delete([{ key, ifMatch: fresh.etag }])).toEqual([{ key, outcome: 'absent' }]);
    },
  },
  {
    name: 'reads only the state that is named',
    run: async ({ adapter }) => {
      const failed = { adapter, operation: 'get', key };
      const stale = await putStale(adapter);
      const { etag } = await putSample(adapter, key);
      expectBytes((await readObject(adapter, key, { ifMatch: etag })).bytes, Buffer.from(key));
      for (const ifMatch of [stale.etag, ...foreignEtags]) {
        await expectFailure(adapter.get(key, { ifMatch }), 'precondition-failed', failed);
      }
      expect(await adapter.get(objectKey('missing'), { ifMatch: etag })).toBeUndefined();
    },
  },
  {
    name: 'reads only another state than the one that is named',
    run: async ({ adapter }) => {
      const stale = await putStale(adapter);
      const { etag } = await putSample(adapter, key);
      for (const ifNoneMatch of [stale.etag, ...foreignEtags]) {
        expectBytes((await readObject(adapter, key, { ifNoneMatch })).bytes, Buffer.from(key));
      }
      const same = adapter.get(key, { ifNoneMatch: etag });
      await expectFailure(same, 'not-modified', { adapter, operation: 'get', key });
      expect(await adapter.get(objectKey('missing'), { ifNoneMatch: etag })).toBeUndefined();
    },
  },
  {
    name: 'reads a range only of the state that is named',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      const stale = await putStale(adapter);
      const { etag } = await putSample(adapter, key);
      const range = { offset: 1, length: 3 };
      expectBytes(
        (await readObject(adapter, key, { range, ifMatch: etag })).bytes,
        Buffer.from(key).subarray(1, 4),
      );
      const other = adapter.get(key, { range, ifMatch: stale.etag });
      await expectFailure(other, 'precondition-failed', { adapter, operation: 'get', key });
    },
  },
  {
    name: 'tells the etag of a state alike everywhere',
    run: async ({ adapter }) => {
      for (const seed of [1, 2, 3]) {
        const { etag } = await adapter.put(key, sampleBytes(10, seed));
        expect((await adapter.head(key))?.etag).toBe(etag);
        expect((await readObject(adapter, key)).info.etag).toBe(etag);
        expect((await listObjects(adapter)).map((info) => info.etag)).toEqual([etag]);
      }
    },
  },
  {
    name: 'gives each state an etag of its own, of the same bytes too',
    needs: ['etagsNameStates'],
    run: async ({ adapter }) => {
      const etags = new Set<string>();
      for (const round of [1, 2, 3, 4]) etags.add((await adapter.put(key, sampleBytes(10, round % 2))).etag);
      expect(etags.size).toBe(4);
    },
  },
  {
    name: 'never uses an etag again, not for an object deleted and made anew',
    needs: ['etagsNameStates'],
    run: async ({ adapter }) => {
      const etags = new Set<string>();
      const rounds = 300;
      for (let round = 0; round < rounds; round++) {
        etags.add((await adapter.put(key, sampleBytes(10))).etag);
        await adapter.delete([{ key }]);
      }
      expect(etags.size).toBe(rounds);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'gives other bytes another etag, even where equal bytes share one',
    lacks: 'etagsNameStates',
    run: async ({ adapter }) => {
      const etags = new Set<string>();
      for (const sizeBytes of [0, 1, 10]) etags.add((await adapter.put(key, sampleBytes(sizeBytes))).etag);
      for (const seed of [2, 3]) etags.add((await adapter.put(key, sampleBytes(10, seed))).etag);
      expect(etags.size).toBe(5);
    },
  },
]);

/** A state that is no more: its bytes differ from those of any sample. */
function putStale(adapter: StorageAdapter): Promise<ObjectInfo> {
  return adapter.put(key, Buffer.from('stale'));
}

type Put = (seed: number, mode?: 'create' | { readonly ifMatch: string }) => Promise<ObjectInfo>;

/** Tries small and large objects, of known and unknown length, so that no way of writing forgets the condition. */
async function throughEveryPath(
  { adapter, borderSizesBytes }: CaseContext,
  attempt: (put: Put, adapter: StorageAdapter) => Promise<void>,
): Promise<void> {
  for (const sizeBytes of [10, 300_000, ...borderSizesBytes.map((border) => border + 1)]) {
    for (const isStream of [false, true]) {
      const put: Put = (seed, mode) => {
        const bytes = sampleBytes(sizeBytes, seed);
        return adapter.put(key, isStream ? lendingSource(bytes) : bytes, mode === undefined ? {} : { mode });
      };
      await attempt(put, adapter);
      await adapter.delete([{ key }]);
    }
  }
}
