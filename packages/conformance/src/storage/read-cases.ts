import { existsSync, readdirSync } from 'node:fs';
import type { GetOptions, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { digestOf } from './digest-of.ts';
import { expectAbsent, expectBytes, expectObject } from './expect-bytes.ts';
import { objectKey, putSample } from './put-sample.ts';
import { openObject, readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('model');
const other = objectKey('other');
const severalChunks = 3_000_000;

export const readCases: readonly StorageCase[] = inGroup('read', [
  {
    name: 'answers undefined for what is not there',
    run: async ({ adapter }) => {
      await expectAbsent(adapter, key);
      await putSample(adapter, objectKey('model/part'));
      await expectAbsent(adapter, key);
      await expectAbsent(adapter, objectKey('model/part/more'));
    },
  },
  {
    name: 'tells the same of an object by put, head and get',
    run: async ({ adapter }) => {
      const bytes = sampleBytes(100_000);
      const put = await adapter.put(key, bytes);
      expect(put).toMatchObject({ key, sizeBytes: bytes.byteLength });
      expect(put.metadata).toEqual({});
      expect(put.etag).toEqual(expect.stringMatching(/./));
      expect([digestOf(bytes), undefined]).toContain(put.checksum);
      expect(Date.parse(put.lastModified)).not.toBeNaN();
      expect(await adapter.head(key)).toEqual(put);
      expect((await readObject(adapter, key)).info).toEqual(put);
    },
  },
  {
    name: 'reads what another handle wrote',
    run: async ({ adapter, open }) => {
      const second = await open();
      await putSample(adapter, key);
      await expectObject(second, key, Buffer.from(key));
      await second.delete([{ key }]);
      await expectAbsent(adapter, key);
    },
  },
  {
    name: 'keeps objects when all handles are disposed',
    run: async ({ adapter, open }) => {
      const put = await putSample(adapter, key);
      await adapter[Symbol.asyncDispose]();
      expect(await expectObject(await open(), key, Buffer.from(key))).toEqual(put);
    },
  },
  {
    name: 'lends chunks that another reader does not touch',
    run: async ({ adapter }) => {
      const [left, right] = [sampleBytes(severalChunks, 1), sampleBytes(severalChunks, 2)];
      await Promise.all([adapter.put(key, left), adapter.put(other, right)]);
      const readers = await Promise.all([openObject(adapter, key), openObject(adapter, other)]);
      const iterators = readers.map((reader) => reader.body[Symbol.asyncIterator]());
      const [ofLeft, ofRight] = await Promise.all(iterators.map((iterator) => iterator.next()));
      await Promise.all(iterators.slice(1).map((iterator) => iterator.next()));
      const first = ofLeft?.done === true ? new Uint8Array(0) : (ofLeft?.value ?? new Uint8Array(0));
      expectBytes(first, left.subarray(0, first.byteLength));
      expect(ofRight?.done).not.toBe(true);
      await Promise.all(readers.map((reader) => reader[Symbol.asyncDispose]()));
    },
  },
  {
    name: 'is not changed by what a reader does to a lent chunk',
    run: async ({ adapter }) => {
      await adapter.put(key, sampleBytes(300_000));
      for await (const chunk of (await openObject(adapter, key)).body) chunk.fill(0);
      await expectObject(adapter, key, sampleBytes(300_000));
    },
  },
  {
    name: 'lets many read at once',
    run: async ({ adapter }) => {
      const bytes = sampleBytes(500_000);
      await adapter.put(key, bytes);
      await Promise.all(Array.from({ length: 20 }, () => expectObject(adapter, key, bytes)));
    },
  },
  {
    name: 'gives in one piece what its body gives',
    run: async ({ adapter }) => {
      for (const sizeBytes of [0, 1, 20_000, 500_000, 1_048_576, severalChunks]) {
        await adapter.put(key, sampleBytes(sizeBytes));
        await expectPiece(adapter, sampleBytes(sizeBytes));
      }
    },
  },
  {
    name: 'gives a range in one piece',
    needs: ['ranges'],
    run: async ({ adapter }) => {
      const bytes = sampleBytes(500_000);
      await adapter.put(key, bytes);
      for (const [offset, length] of [
        [0, 100_000],
        [123_456, 1],
        [123_456, 300_000],
        [400_000, 200_000],
      ] as const)
        await expectPiece(adapter, bytes.subarray(offset, offset + length), { range: { offset, length } });
    },
  },
  {
    name: 'frees what a reader holds when its bytes were taken in one piece',
    run: async ({ adapter }) => {
      await adapter.put(key, sampleBytes(100_000));
      const before = openFileCount();
      for (let round = 0; round < 64; round++) {
        const reader = await openObject(adapter, key);
        if (reader.bytes === undefined) await reader[Symbol.asyncDispose]();
        else await reader.bytes();
      }
      expect(openFileCount() - before, 'files and sockets left open').toBeLessThan(16);
    },
  },
  {
    name: 'frees what a reader holds when it is left half way',
    run: async ({ adapter }) => {
      await adapter.put(key, sampleBytes(severalChunks));
      const before = openFileCount();
      for (let round = 0; round < 64; round++) {
        const reader = await openObject(adapter, key);
        if (round % 2 === 0) for await (const chunk of reader.body) if (chunk.byteLength > 0) break;
        if (round % 4 !== 0) await reader[Symbol.asyncDispose]();
      }
      expect(openFileCount() - before, 'files and sockets left open').toBeLessThan(16);
      await adapter[Symbol.asyncDispose]();
    },
  },
  {
    name: 'lets a reader be disposed twice, and after its end',
    run: async ({ adapter }) => {
      await putSample(adapter, key);
      const reader = await openObject(adapter, key);
      for await (const chunk of reader.body) expect(chunk.byteLength).toBeGreaterThan(0);
      await reader[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
    },
  },
  {
    name: 'reads earlier versions',
    needs: ['versions'],
    run: async ({ adapter }) => {
      const [first, second] = [
        await adapter.put(key, sampleBytes(10, 1)),
        await adapter.put(key, sampleBytes(20, 2)),
      ];
      expect(first.version).not.toBe(second.version);
      for (const [info, seed] of [
        [first, 1],
        [second, 2],
      ] as const) {
        const { version = '' } = info;
        expect((await adapter.head(key, { version }))?.etag).toBe(info.etag);
        expectBytes((await readObject(adapter, key, { version })).bytes, sampleBytes(info.sizeBytes, seed));
      }
    },
  },
]);

/** A reader that gives its bytes in one piece gives the right ones, in memory that nobody else uses. */
async function expectPiece(adapter: StorageAdapter, bytes: Uint8Array, options?: GetOptions): Promise<void> {
  for (const round of ['first', 'second']) {
    await using reader = await openObject(adapter, key, options);
    const piece = await reader.bytes?.();
    if (piece === undefined) return;
    expect(reader.range.length, `the length for the ${round} reader`).toBe(bytes.byteLength);
    expectBytes(piece, bytes);
    piece.fill(0);
  }
}

/** How many files and sockets this process holds; 0 where that cannot be told. */
function openFileCount(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
}
