import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import { MemoryGauge } from './memory-gauge.ts';
import { objectKey } from './put-sample.ts';
import { openObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('large');
const mebibyte = 1_048_576;
const chunk = sampleBytes(mebibyte);
const chunkCount = 96;
const sizeBytes = chunkCount * mebibyte;

/** Most memory that one operation may take. */
const limitBytes = 64 * mebibyte;
const longestChunkBytes = 8 * mebibyte;

/** 96 MiB in and out, with at most 64 MiB of memory. */
export const memoryCases: readonly StorageCase[] = inGroup('memory', [
  {
    name: 'takes in a large object without holding it',
    run: async ({ adapter, keepsBytesInProcess }) => {
      const gauge = new MemoryGauge();
      const info = await adapter.put(key, measuredChunks(gauge));
      expect(info.sizeBytes).toBe(sizeBytes);
      const kept = keepsBytesInProcess ? sizeBytes : 0;
      expect(gauge.highestBytes, 'bytes held above idle').toBeLessThan(limitBytes + kept);
    },
  },
  {
    name: 'gives out a large object without holding it',
    run: async ({ adapter }) => {
      await adapter.put(key, measuredChunks());
      const gauge = new MemoryGauge();
      const reader = await openObject(adapter, key);
      let readBytes = 0;
      for await (const part of reader.body) {
        expect(part.byteLength, 'length of a chunk').toBeLessThanOrEqual(longestChunkBytes);
        const isFirst = readBytes === 0;
        if (isFirst) for (let turn = 0; turn < 100; turn++) await nextTurn();
        const before = Math.floor(readBytes / (16 * mebibyte));
        readBytes += part.byteLength;
        if (isFirst || Math.floor(readBytes / (16 * mebibyte)) > before) gauge.measure();
      }
      expect(readBytes).toBe(sizeBytes);
      expect(gauge.highestBytes, 'bytes held above idle').toBeLessThan(limitBytes);
    },
  },
]);

async function* measuredChunks(gauge?: MemoryGauge): AsyncGenerator<Uint8Array> {
  const lent = new Uint8Array(mebibyte);
  for (let index = 0; index < chunkCount; index++) {
    lent.set(chunk);
    lent[0] = index;
    yield lent;
    if (index % 16 === 15) gauge?.measure();
  }
}
