import type { ObjectKey } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { listKeys, listPages } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, type UngroupedStorageCase, inGroup } from './storage-case.ts';

const source = objectKey('source');

/** Ways to write an object; each has to refuse a key that does not fit beside the present ones. */
const writes: Readonly<Record<string, (adapter: StorageAdapter, key: ObjectKey) => Promise<unknown>>> = {
  put: (adapter, key) => adapter.put(key, sampleBytes(10)),
  'put, create': (adapter, key) => adapter.put(key, sampleBytes(10), { mode: 'create' }),
  'put under a late key': (adapter, key) => adapter.put(() => key, sampleBytes(10)),
  copy: (adapter, key) => adapter.copy(source, key),
};

/** What is there, and what does not fit beside it. */
const misfits: readonly (readonly [string, string])[] = [
  ['a', 'a/b'],
  ['a', 'a/b/c/d'],
  ['a/b', 'a'],
  ['a/b/c', 'a/b'],
  ['a/b/c', 'a'],
];

/** Where keys are paths of a tree: `a` beside `a/b` is refused by name, and nothing is lost. */
export const treeKeyCases: readonly StorageCase[] = inGroup('keys', [
  ...Object.entries(writes).map(([name, write]): UngroupedStorageCase => ({
    name: `refuses a key below a key, and above one: ${name}`,
    lacks: 'keysBelowKeys',
    run: async ({ adapter, capabilities }) => {
      if (name === 'put, create' && !capabilities.createIfAbsent) return;
      if (name === 'put under a late key' && !capabilities.lateKey) return;
      await putSample(adapter, source);
      for (const texts of misfits) {
        const [present, misfit] = texts.map((text) => objectKey(text)) as [ObjectKey, ObjectKey];
        await putSample(adapter, present);
        const operation = name === 'copy' ? 'copy' : 'put';
        const error = await expectFailure(write(adapter, misfit), 'invalid-key', { adapter, operation });
        expect(error.hint, 'what to do about it').toEqual(expect.any(String));
        expect(await listKeys(adapter)).toEqual([present, source]);
        await expectObject(adapter, present, Buffer.from(present));
        await adapter.delete([{ key: present }]);
        await write(adapter, misfit);
        await adapter.delete([{ key: misfit }]);
      }
    },
  })),
  {
    name: 'takes a key below a key, and above one, as absent',
    lacks: 'keysBelowKeys',
    run: async ({ adapter }) => {
      const present = objectKey('a/b');
      await putSample(adapter, present);
      for (const key of ['a', 'a/b/c', 'a/b/c/d'].map((text) => objectKey(text))) {
        await expectAbsent(adapter, key);
        expect(await adapter.delete([{ key }])).toEqual([{ key, outcome: 'absent' }]);
        await expectFailure(adapter.copy(key, source), 'not-found', { adapter, operation: 'copy' });
        expect(
          (await listPages(adapter, { prefix: `${key}/` })).flatMap(({ objects }) => objects),
        ).toHaveLength(key === 'a' ? 1 : 0);
      }
      await expectObject(adapter, present, Buffer.from(present));
    },
  },
]);
