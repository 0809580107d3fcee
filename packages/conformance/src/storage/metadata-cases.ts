import type { PutOptions } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectFailure } from './expect-failure.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys } from './list-objects.ts';
import { objectKey } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('described');
const copied = objectKey('described/copy');
const bytes = sampleBytes(100);
const metadata = { owner: 'team', 'run.id': '42', under_score: 'x' };

const values: Readonly<Record<string, string>> = {
  empty: '',
  blanks: '  two before and after  ',
  unicode: 'Größe 模型 😀',
  separators: 'a=b; c="d", e:f\\g',
  percent: '%41%2F+%',
  encoded: '=?UTF-8?B?w6k=?=',
  json: '{"a":[1,2]}',
  constructor: 'a name that objects have',
};

/** Metadata that has to be refused. */
const invalid: readonly Readonly<Record<string, string>>[] = [
  ...['', 'Upper', 'with space', 'ümlaut', 'a:b', '-first', 'holdfast-attempt'].map((name) => ({
    [name]: 'value',
  })),
  ...['line\nbreak', 'nul\u0000', '\u007F', 'lone \uD800'].map((value) => ({ name: value })),
  { large: 'x'.repeat(2_048) },
];

export const metadataCases: readonly StorageCase[] = inGroup('metadata', [
  {
    name: 'keeps metadata through every path',
    needs: ['userMetadata'],
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of [0, 10, 300_000, ...borderSizesBytes.map((border) => border + 1)]) {
        for (const source of [sampleBytes(sizeBytes), lendingSource(sampleBytes(sizeBytes))]) {
          expect((await adapter.put(key, source, { metadata })).metadata).toEqual(metadata);
          expect((await adapter.head(key))?.metadata).toEqual(metadata);
          expect((await readObject(adapter, key)).info.metadata).toEqual(metadata);
        }
      }
    },
  },
  {
    name: 'keeps metadata values as they are',
    needs: ['userMetadata'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes, { metadata: values });
      expect((await adapter.head(key))?.metadata).toEqual(values);
      const full = { a: 'x'.repeat(2_000), b: 'é'.repeat(23) };
      await adapter.put(key, bytes, { metadata: full });
      expect((await adapter.head(key))?.metadata).toEqual(full);
    },
  },
  {
    name: 'tells empty metadata where there is none',
    run: async ({ adapter }) => {
      expect((await adapter.put(key, bytes, { metadata: {} })).metadata).toEqual({});
      expect((await adapter.head(key))?.metadata).toEqual({});
      expect((await adapter.head(key))?.contentType ?? 'none').toEqual(expect.any(String));
    },
  },
  {
    name: 'forgets the metadata of an object that is replaced',
    needs: ['userMetadata', 'contentType'],
    run: async ({ adapter }) => {
      const fresh = await adapter.put(objectKey('fresh'), bytes);
      await adapter.put(key, bytes, { metadata, contentType: 'application/x-old' });
      await adapter.put(key, bytes);
      expect((await adapter.head(key))?.metadata).toEqual({});
      expect((await adapter.head(key))?.contentType).toBe(fresh.contentType);
    },
  },
  {
    name: 'is not changed by what becomes of the given metadata',
    needs: ['userMetadata'],
    run: async ({ adapter }) => {
      const given: Record<string, string> = { ...metadata };
      const put = adapter.put(key, bytes, { metadata: given });
      await put;
      given['owner'] = 'somebody else';
      expect((await adapter.head(key))?.metadata).toEqual(metadata);
    },
  },
  {
    name: 'keeps the content type',
    needs: ['contentType'],
    run: async ({ adapter }) => {
      for (const contentType of [
        'application/octet-stream',
        'text/plain; charset=utf-8',
        'application/vnd.holdfast.tree+json',
      ]) {
        expect((await adapter.put(key, bytes, { contentType })).contentType).toBe(contentType);
        expect((await adapter.head(key))?.contentType).toBe(contentType);
        await adapter.copy(key, copied);
        expect((await adapter.head(copied))?.contentType).toBe(contentType);
      }
    },
  },
  {
    name: 'copies metadata, or replaces it where it is given',
    needs: ['userMetadata'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes, { metadata });
      expect((await adapter.copy(key, copied)).metadata).toEqual(metadata);
      expect((await adapter.head(copied))?.metadata).toEqual(metadata);
      const others = { owner: 'other' };
      expect((await adapter.copy(key, copied, { metadata: others })).metadata).toEqual(others);
      expect((await adapter.head(copied))?.metadata).toEqual(others);
      await adapter.copy(key, copied, { metadata: {} });
      expect((await adapter.head(copied))?.metadata).toEqual({});
      expect((await adapter.head(key))?.metadata, 'of the source').toEqual(metadata);
    },
  },
  {
    name: 'replaces the metadata of an object that is copied onto itself',
    needs: ['userMetadata'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes, { metadata });
      await adapter.copy(key, key, { metadata: { changed: 'yes' } });
      const read = await readObject(adapter, key);
      expect(read.info.metadata).toEqual({ changed: 'yes' });
      expect(read.bytes).toHaveLength(bytes.byteLength);
    },
  },
  {
    name: 'refuses metadata that not every backend can spell, and writes nothing',
    needs: ['userMetadata'],
    run: async ({ adapter }) => {
      await adapter.put(copied, bytes);
      for (const fields of invalid) {
        const options: PutOptions = { metadata: fields };
        await expectFailure(adapter.put(key, bytes, options), 'invalid-argument', {
          adapter,
          operation: 'put',
        });
        await expectFailure(adapter.copy(copied, key, options), 'invalid-argument', {
          adapter,
          operation: 'copy',
        });
      }
      expect(await listKeys(adapter)).toEqual([copied]);
    },
  },
]);
