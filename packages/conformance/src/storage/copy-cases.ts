import { expect } from 'vitest';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { listKeys } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const from = objectKey('from');
const to = objectKey('to');

export const copyCases: readonly StorageCase[] = inGroup('copy', [
  {
    name: 'copies objects of any size',
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of [0, 10, 300_000, ...borderSizesBytes.map((border) => border + 1)]) {
        const bytes = sampleBytes(sizeBytes);
        const source = await adapter.put(from, bytes);
        const copy = await adapter.copy(from, to);
        expect(copy).toMatchObject({ key: to, sizeBytes });
        expect([source.checksum, undefined]).toContain(copy.checksum);
        expect(await expectObject(adapter, to, bytes)).toEqual(copy);
        expect(await expectObject(adapter, from, bytes)).toEqual(source);
      }
    },
  },
  {
    name: 'refuses to copy what is not there',
    run: async ({ adapter }) => {
      const old = await putSample(adapter, to);
      await expectFailure(adapter.copy(from, to), 'not-found', { adapter, operation: 'copy', key: from });
      expect(await adapter.head(to)).toEqual(old);
      await expectAbsent(adapter, from);
    },
  },
  {
    name: 'replaces what is there, under a new etag',
    run: async ({ adapter }) => {
      await adapter.put(from, sampleBytes(100, 1));
      const old = await adapter.put(to, sampleBytes(200, 2));
      const copy = await adapter.copy(from, to);
      expect(copy.etag).not.toBe(old.etag);
      await expectObject(adapter, to, sampleBytes(100, 1));
    },
  },
  {
    name: 'copies below a key of the same beginning',
    needs: ['keysBelowKeys'],
    run: async ({ adapter }) => {
      await putSample(adapter, from);
      const below = objectKey('from/below');
      await adapter.copy(from, below);
      await adapter.copy(below, to);
      await expectObject(adapter, to, Buffer.from(from));
      expect(await listKeys(adapter)).toEqual([from, below, to]);
    },
  },
  {
    name: 'keeps an object that is copied onto itself',
    run: async ({ adapter }) => {
      const bytes = sampleBytes(100_000);
      await adapter.put(from, bytes);
      const copy = await adapter.copy(from, from);
      expect(await expectObject(adapter, from, bytes)).toEqual(copy);
      expect(await listKeys(adapter)).toEqual([from]);
    },
  },
  {
    name: 'makes copies that live and die by themselves',
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes.map((border) => border + 1)]) {
        const [old, fresh] = [sampleBytes(sizeBytes, 1), sampleBytes(sizeBytes, 2)];
        await adapter.put(from, old);
        await adapter.copy(from, to);
        await adapter.put(from, fresh);
        await expectObject(adapter, to, old);
        await adapter.delete([{ key: from }]);
        await expectObject(adapter, to, old);
        await adapter.copy(to, from);
        await adapter.delete([{ key: to }]);
        await expectObject(adapter, from, old);
        await expectAbsent(adapter, to);
      }
    },
  },
  {
    name: 'creates a copy only when nothing is there',
    needs: ['conditionalCopy'],
    run: async ({ adapter }) => {
      await putSample(adapter, from);
      const made = await adapter.copy(from, to, { mode: 'create' });
      await adapter.put(from, sampleBytes(5));
      const failed = { adapter, operation: 'copy' };
      await expectFailure(adapter.copy(from, to, { mode: 'create' }), 'already-exists', failed);
      await expectFailure(adapter.copy(from, from, { mode: 'create' }), 'already-exists', failed);
      expect(await expectObject(adapter, to, Buffer.from(from))).toEqual(made);
    },
  },
  {
    name: 'replaces by a copy only the state that is named',
    needs: ['conditionalCopy'],
    run: async ({ adapter }) => {
      const failed = { adapter, operation: 'copy' };
      const source = await putSample(adapter, from);
      const stale = await putSample(adapter, to);
      const copy = await adapter.copy(from, to, { mode: { ifMatch: stale.etag } });
      for (const ifMatch of [stale.etag, source.etag, '*']) {
        await expectFailure(adapter.copy(from, to, { mode: { ifMatch } }), 'precondition-failed', failed);
      }
      expect(await expectObject(adapter, to, Buffer.from(from))).toEqual(copy);
      await adapter.delete([{ key: to }]);
      const gone = adapter.copy(from, to, { mode: { ifMatch: copy.etag } });
      await expectFailure(gone, 'precondition-failed', failed);
      await expectAbsent(adapter, to);
    },
  },
  {
    name: 'lets one of many copies win',
    needs: ['conditionalCopy'],
    run: async ({ adapter, open }) => {
      const handles = [adapter, await open()];
      await putSample(adapter, from);
      const work = Array.from({ length: 10 }, (_, index) =>
        (handles[index % 2] ?? adapter).copy(from, to, { mode: 'create' }),
      );
      const results = await Promise.allSettled(work);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      await expectObject(adapter, to, Buffer.from(from));
    },
  },
]);
