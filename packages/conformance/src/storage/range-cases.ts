import type { ByteRange, StorageAdapter } from '@holdfast/ports';
import fc from 'fast-check';
import { expect } from 'vitest';
import { expectBytes } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { objectKey } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('ranges');
const empty = objectKey('empty');
const sizeBytes = 300_000;
const bytes = sampleBytes(sizeBytes);

export const rangeCases: readonly StorageCase[] = inGroup('read', [
  {
    name: 'reads a range from the beginning, the middle and to the end',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      for (const [offset, length] of [
        [0, 1],
        [0, 1_000],
        [1, 1],
        [65_535, 2],
        [123_456, 100_000],
        [sizeBytes - 1, 1],
        [0, sizeBytes],
      ] as const) {
        await expectPart(adapter, { offset, length }, { offset, length });
      }
      for (const offset of [0, 1, 150_000, sizeBytes - 1]) {
        await expectPart(adapter, { offset }, { offset, length: sizeBytes - offset });
      }
    },
  },
  {
    name: 'cuts a range at the end of the object',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      await expectPart(adapter, { offset: 0, length: sizeBytes + 1 }, { offset: 0, length: sizeBytes });
      await expectPart(
        adapter,
        { offset: sizeBytes - 10, length: 1_000 },
        { offset: sizeBytes - 10, length: 10 },
      );
      const whole = { offset: 1, length: Number.MAX_SAFE_INTEGER };
      await expectPart(adapter, whole, { offset: 1, length: sizeBytes - 1 });
    },
  },
  {
    name: 'reads a range of no bytes',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      await adapter.put(empty, new Uint8Array(0));
      for (const offset of [0, 1_000, sizeBytes - 1])
        await expectPart(adapter, { offset, length: 0 }, { offset, length: 0 });
      const { range, info } = await readObject(adapter, empty, { range: { offset: 0, length: 5 } });
      expect({ ...range, sizeBytes: info.sizeBytes }).toEqual({ offset: 0, length: 0, sizeBytes: 0 });
    },
  },
  {
    name: 'refuses a range that begins at or past the end',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      await adapter.put(empty, new Uint8Array(0));
      for (const range of [
        { offset: sizeBytes },
        { offset: sizeBytes, length: 0 },
        { offset: sizeBytes + 1, length: 1 },
      ]) {
        await expectFailure(adapter.get(key, { range }), 'range-not-satisfiable', {
          adapter,
          operation: 'get',
          key,
        });
      }
      const past = adapter.get(empty, { range: { offset: 1, length: 1 } });
      await expectFailure(past, 'range-not-satisfiable', { adapter, operation: 'get', key: empty });
    },
  },
  {
    name: 'refuses a range that is not made of whole numbers from 0 up',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      for (const range of [
        { offset: -1 },
        { offset: 0, length: -1 },
        { offset: 0.5 },
        { offset: Number.NaN },
        { offset: 0, length: Infinity },
      ]) {
        await expectFailure(adapter.get(key, { range }), 'invalid-argument', {
          adapter,
          operation: 'get',
          key,
        });
      }
    },
  },
  {
    name: 'answers undefined for a range of what is not there',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      expect(await adapter.get(key, { range: { offset: 10, length: 5 } })).toBeUndefined();
    },
  },
  {
    name: 'reads the last bytes',
    needs: ['suffixRanges'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      await adapter.put(empty, new Uint8Array(0));
      for (const suffix of [0, 1, 1_000, sizeBytes - 1, sizeBytes]) {
        await expectPart(adapter, { suffix }, { offset: sizeBytes - suffix, length: suffix });
      }
      await expectPart(adapter, { suffix: sizeBytes * 2 }, { offset: 0, length: sizeBytes });
      for (const suffix of [0, 5])
        expect((await readObject(adapter, empty, { range: { suffix } })).bytes).toHaveLength(0);
      const negative = adapter.get(key, { range: { suffix: -1 } });
      await expectFailure(negative, 'invalid-argument', { adapter, operation: 'get', key });
    },
  },
  {
    name: 'reads any range of objects around the border sizes',
    needs: ['ranges'],
    run: async ({ adapter, borderSizesBytes }) => {
      for (const border of [0, ...borderSizesBytes])
        await expectAnyRange(adapter, sampleBytes(border + 70_000));
    },
  },
]);

async function expectAnyRange(adapter: StorageAdapter, whole: Uint8Array): Promise<void> {
  await adapter.put(key, whole);
  const ranges = fc.record({
    offset: fc.integer({ min: 0, max: whole.byteLength - 1 }),
    length: fc.integer({ min: 0, max: whole.byteLength + 10 }),
  });
  await fc.assert(
    fc.asyncProperty(ranges, async (range) => {
      const read = await readObject(adapter, key, { range });
      expectBytes(read.bytes, whole.subarray(range.offset, range.offset + range.length));
      expect(read.info.sizeBytes).toBe(whole.byteLength);
    }),
    { numRuns: 25 },
  );
}

async function expectPart(
  adapter: StorageAdapter,
  range: ByteRange,
  expected: { readonly offset: number; readonly length: number },
): Promise<void> {
  const read = await readObject(adapter, key, { range });
  expectBytes(read.bytes, bytes.subarray(expected.offset, expected.offset + expected.length));
  expect(read.range, `range of ${JSON.stringify(range)}`).toEqual(expected);
  expect(read.info.sizeBytes, 'the whole size').toBe(sizeBytes);
}
