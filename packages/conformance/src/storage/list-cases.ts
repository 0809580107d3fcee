import { expect } from 'vitest';
import { expectAbsent } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { keysThatFit } from './keys-that-fit.ts';
import { listKeys, listObjects, listPages, sortKeys } from './list-objects.ts';
import { objectKey, putSample, putSamples } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, type UngroupedStorageCase, inGroup } from './storage-case.ts';

/** Keys whose order by bytes is neither that of UTF-16 nor that of any language, nor that of folders. */
export const unorderlyKeys: readonly string[] = (
  't-/t. t/t/t t/t t t. t0 T a a/b a/b/c a-b a.b ab a! ' +
  'Z z é e\u0301 \uFFFD \uE000 😀 \u{10FFFF} ~ 10 9 _ a\u00A0b'
).split(' ');

const wildKeys: readonly string[] = `a_b axb a%b a%2 axxb a*b a?b [ab] a b A_b a\\b a'b a"b`.split(' ');

export const listCases: readonly StorageCase[] = inGroup('list', [
  {
    name: 'lists nothing in an empty store',
    run: async ({ adapter }) => {
      expect(await listObjects(adapter)).toEqual([]);
      expect(await listObjects(adapter, { prefix: 'a' })).toEqual([]);
    },
  },
  {
    name: 'lists one object with its key, size and etag',
    run: async ({ adapter }) => {
      const { key, sizeBytes, etag } = await putSample(adapter, objectKey('only/one'));
      const objects = await listObjects(adapter);
      expect(objects).toHaveLength(1);
      expect(objects[0]).toMatchObject({ key, sizeBytes, etag });
      expect(Date.parse(objects[0]?.lastModified ?? '')).not.toBeNaN();
    },
  },
  ...[1, 2, 3, 10, 1_000].map((pageSize): UngroupedStorageCase => ({
    name: `lists every key once in pages of ${pageSize}`,
    run: async ({ adapter, capabilities }) => {
      const keys = keysThatFit(capabilities, unorderlyKeys);
      await putSamples(adapter, keys);
      expect(await listKeys(adapter, { pageSize })).toEqual(sortKeys(keys));
    },
  })),
  {
    name: 'lists in the order of the UTF-8 bytes at every page size',
    needs: ['listOrder'],
    run: async ({ adapter, capabilities }) => {
      const keys = keysThatFit(capabilities, unorderlyKeys);
      await putSamples(adapter, keys);
      for (const pageSize of [1, 2, 3, 10, 1_000]) {
        const listed = (await listObjects(adapter, { pageSize })).map((info) => info.key);
        expect(listed, `pages of ${pageSize}`).toEqual(sortKeys(keys));
      }
    },
  },
  {
    name: 'lists more than 1,000 keys completely, and deletes them at once',
    run: async ({ adapter }) => {
      const keys = Array.from({ length: 1_005 }, (_, index) => `n/${String(index).padStart(5, '0')}`);
      await putSamples(adapter, [...keys, 'stays']);
      expect(await listKeys(adapter)).toEqual([...keys, 'stays']);
      expect(await listKeys(adapter, { prefix: 'n/', pageSize: 1_000 })).toEqual(keys);
      expect(await listKeys(adapter, { pageSize: 400 })).toEqual([...keys, 'stays']);
      const results = await adapter.delete(keys.map((key) => ({ key: objectKey(key) })));
      expect(results).toEqual(keys.map((key) => ({ key, outcome: 'deleted' })));
      expect(await listKeys(adapter)).toEqual(['stays']);
    },
  },
  {
    name: 'takes a prefix as the beginning of a text, not as a folder',
    run: async ({ adapter, capabilities }) => {
      const keys = keysThatFit(capabilities, unorderlyKeys);
      await putSamples(adapter, keys);
      for (const prefix of [
        'a',
        'a/',
        'a/b',
        'a/b/',
        't',
        't-',
        't/t',
        'T',
        'A',
        'é',
        '😀',
        'missing',
        'a/b/c/d',
      ]) {
        const expected = sortKeys(keys.filter((key) => key.startsWith(prefix)));
        expect(await listKeys(adapter, { prefix, pageSize: 2 }), `prefix ${prefix}`).toEqual(expected);
      }
    },
  },
  {
    name: 'takes a prefix literally, wildcards and quotes too',
    run: async ({ adapter }) => {
      await putSamples(adapter, wildKeys);
      for (const prefix of `a_ a% a* a? [ [a a\\ a' a" % _ *`.split(' ')) {
        const expected = sortKeys(wildKeys.filter((key) => key.startsWith(prefix)));
        expect(await listKeys(adapter, { prefix }), `prefix ${prefix}`).toEqual(expected);
      }
    },
  },
  {
    name: 'does not list what was deleted',
    run: async ({ adapter }) => {
      await putSamples(adapter, ['a', 'b', 'c']);
      await putSamples(adapter, ['a', 'b', 'c']);
      await adapter.delete([{ key: objectKey('b') }]);
      expect(await listKeys(adapter)).toEqual(['a', 'c']);
      await adapter.delete([{ key: objectKey('a') }]);
      expect(await listKeys(adapter)).toEqual(['c']);
    },
  },
  {
    name: 'shows no unfinished upload',
    run: async ({ adapter, borderSizesBytes }) => {
      const key = objectKey('upload');
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes]) {
        const bytes = sampleBytes(sizeBytes + 1);
        const source = new GatedSource(bytes, sampleBytes(10));
        const put = adapter.put(key, source);
        await source.paused;
        expect(await listKeys(adapter)).toEqual([]);
        await expectAbsent(adapter, key);
        source.resume();
        const { etag } = await put;
        expect((await readObject(adapter, key)).info.etag).toBe(etag);
        expect(await listKeys(adapter)).toEqual([key]);
        await adapter.delete([{ key }]);
      }
    },
  },
  {
    name: 'refuses page sizes outside of 1 to 1,000',
    run: async ({ adapter }) => {
      for (const pageSize of [0, -1, 1_001, 1.5, Number.NaN]) {
        const work = listPages(adapter, { pageSize });
        await expectFailure(work, 'invalid-argument', { adapter, operation: 'list' });
      }
    },
  },
]);
