import fc from 'fast-check';
import { expect } from 'vitest';
import { borderSizes } from './border-sizes.ts';
import { expectBytes, expectObject } from './expect-bytes.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys } from './list-objects.ts';
import { objectKey } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('written');

export const writeCases: readonly StorageCase[] = inGroup('write', [
  {
    name: 'writes sizes around every border, of known length',
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of borderSizes(borderSizesBytes)) {
        const bytes = sampleBytes(sizeBytes, sizeBytes);
        const info = await adapter.put(key, bytes, { sizeBytes });
        expect(info.sizeBytes).toBe(sizeBytes);
        await expectObject(adapter, key, bytes);
      }
    },
  },
  {
    name: 'writes sizes around every border, of unknown length',
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of borderSizes(borderSizesBytes)) {
        const bytes = sampleBytes(sizeBytes, sizeBytes);
        const info = await adapter.put(key, lendingSource(bytes));
        expect(info.sizeBytes).toBe(sizeBytes);
        await expectObject(adapter, key, bytes);
      }
    },
  },
  {
    name: 'writes an empty object from no chunks and from empty chunks',
    run: async ({ adapter }) => {
      const nothing = new Uint8Array(0);
      for (const source of [nothing, lendingSource(nothing, 0), lendingSource(nothing, 0, 0, 0)]) {
        expect((await adapter.put(key, source)).sizeBytes).toBe(0);
        await expectObject(adapter, key, nothing);
      }
    },
  },
  {
    name: 'does not keep a chunk that it was lent',
    run: async ({ adapter }) => {
      for (const sizeBytes of [100, 20_000, 3_000_000]) {
        const bytes = sampleBytes(sizeBytes);
        await adapter.put(key, lendingSource(bytes, 7, 0, 4_096, 1, 65_536));
        await expectObject(adapter, key, bytes);
      }
    },
  },
  {
    name: 'does not keep the bytes that it was given',
    run: async ({ adapter }) => {
      for (const sizeBytes of [100, 20_000, 3_000_000]) {
        const bytes = sampleBytes(sizeBytes);
        await adapter.put(key, bytes);
        bytes.fill(0);
        await expectObject(adapter, key, sampleBytes(sizeBytes));
      }
    },
  },
  {
    name: 'writes the same whatever the chunks are',
    run: async ({ adapter }) => {
      const lengths = fc.array(fc.oneof(fc.nat(64), fc.nat(70_000)), { minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(fc.nat(200_000), lengths, async (sizeBytes, chunkLengths) => {
          const bytes = sampleBytes(sizeBytes, chunkLengths.length);
          await adapter.put(key, lendingSource(bytes, ...chunkLengths, 40_000));
          expectBytes((await readObject(adapter, key)).bytes, bytes);
        }),
        { numRuns: 20 },
      );
    },
  },
  {
    name: 'replaces an object as a whole',
    run: async ({ adapter }) => {
      await adapter.put(key, sampleBytes(200_000, 1));
      for (const [sizeBytes, seed] of [
        [10, 2],
        [0, 3],
        [100_000, 4],
      ] as const) {
        await adapter.put(key, sampleBytes(sizeBytes, seed));
        await expectObject(adapter, key, sampleBytes(sizeBytes, seed));
      }
      expect(await listKeys(adapter)).toEqual([key]);
    },
  },
  {
    name: 'writes 20 keys at once',
    run: async ({ adapter }) => {
      const keys = Array.from({ length: 20 }, (_, index) => objectKey(`many/${index}`));
      const bytesOf = (index: number): Uint8Array => sampleBytes(1_000 + index * 20_000, index + 1);
      await Promise.all(keys.map((one, index) => adapter.put(one, lendingSource(bytesOf(index), 9_999))));
      for (const [index, one] of keys.entries()) await expectObject(adapter, one, bytesOf(index));
    },
  },
  {
    name: 'tells how many bytes it took, at least every 4 MiB',
    run: async ({ adapter }) => {
      const bytes = sampleBytes(9 * 1_048_576 + 5);
      for (const source of [bytes, lendingSource(bytes), lendingSource(bytes, bytes.byteLength)]) {
        const told: number[] = [0];
        await adapter.put(key, source, { onProgress: (taken) => told.push(taken) });
        expect(told.at(-1)).toBe(bytes.byteLength);
        for (const [index, taken] of told.entries()) {
          const step = taken - (told[index - 1] ?? 0);
          expect(step).toBeGreaterThanOrEqual(0);
          expect(step).toBeLessThanOrEqual(4 * 1_048_576);
        }
      }
    },
  },
]);
