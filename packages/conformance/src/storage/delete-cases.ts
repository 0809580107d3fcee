import { expect } from 'vitest';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectError } from './expect-failure.ts';
import { listKeys } from './list-objects.ts';
import { objectKey, putSample, putSamples } from './put-sample.ts';
import { type StorageCase, declares, inGroup } from './storage-case.ts';

export const deleteCases: readonly StorageCase[] = inGroup('delete', [
  {
    name: 'tells in the order of the targets what was deleted and what was not there',
    run: async ({ adapter }) => {
      await putSamples(adapter, ['a', 'c', 'e']);
      const results = await adapter.delete(['e', 'd', 'c', 'b', 'a'].map((key) => ({ key: objectKey(key) })));
      expect(results).toEqual([
        { key: 'e', outcome: 'deleted' },
        { key: 'd', outcome: 'absent' },
        { key: 'c', outcome: 'deleted' },
        { key: 'b', outcome: 'absent' },
        { key: 'a', outcome: 'deleted' },
      ]);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'deletes nothing when there are no targets',
    run: async ({ adapter }) => {
      await putSamples(adapter, ['a']);
      expect(await adapter.delete([])).toEqual([]);
      expect(await listKeys(adapter)).toEqual(['a']);
    },
  },
  {
    name: 'leaves keys that only look alike',
    run: async ({ adapter, capabilities }) => {
      const all = ['a', 'a-', 'a.', 'a/b', 'a/b/c', 'ab', 'A', 'b/a'];
      const others = declares(capabilities, 'keysBelowKeys') ? all.slice(1) : ['a-', 'a.', 'ab', 'A', 'b/a'];
      await putSamples(adapter, ['a', ...others]);
      await adapter.delete([{ key: objectKey('a') }]);
      await expectAbsent(adapter, objectKey('a'));
      for (const key of others) await expectObject(adapter, objectKey(key), Buffer.from(key));
      expect(await listKeys(adapter)).toHaveLength(others.length);
    },
  },
  {
    name: 'goes on after a refusal',
    needs: ['deleteIfMatch'],
    run: async ({ adapter }) => {
      const [first, kept, last] = [objectKey('first'), objectKey('kept'), objectKey('last')];
      await putSamples(adapter, [first, last]);
      const stale = await adapter.put(kept, Buffer.from('stale'));
      await putSample(adapter, kept);
      const results = await adapter.delete([
        { key: first },
        { key: kept, ifMatch: stale.etag },
        { key: last },
      ]);
      expect(results).toHaveLength(3);
      expect(results[0]).toEqual({ key: first, outcome: 'deleted' });
      const refused = results[1] !== undefined && 'error' in results[1] ? results[1].error : undefined;
      expectError(refused, 'precondition-failed', { adapter, operation: 'delete', key: kept });
      expect(results[2]).toEqual({ key: last, outcome: 'deleted' });
      expect(await listKeys(adapter)).toEqual([kept]);
    },
  },
  {
    name: 'takes an object that is made anew as a new one',
    run: async ({ adapter }) => {
      const key = objectKey('again');
      await putSample(adapter, key);
      await adapter.delete([{ key }]);
      await adapter.put(key, new Uint8Array([1]));
      await expectObject(adapter, key, new Uint8Array([1]));
    },
  },
]);
