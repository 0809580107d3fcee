import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ObjectInfo, StorageError } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectBytes, expectObject } from './expect-bytes.ts';
import { GatedSource } from './gated-source.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys } from './list-objects.ts';
import { pacedSource } from './paced-source.ts';
import { objectKey } from './put-sample.ts';
import { collectBytes, openObject, readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('contended');
const sizes: readonly number[] = [1_000, 400_000, 5, 150_000];

/** Readers and writers at once, through two handles. */
export const concurrencyCases: readonly StorageCase[] = inGroup('concurrency', [
  {
    name: 'shows readers the old object or the new one, whole',
    run: async ({ adapter, open, borderSizesBytes }) => {
      const writer = await open();
      const uniform = [...sizes, ...borderSizesBytes.map((border) => border + 1)];
      await writer.put(key, uniformBytes(uniform, 0));
      let isWriting = true;
      const write = async (): Promise<void> => {
        for (let round = 1; round <= 24; round++)
          await writer.put(key, pacedSource(uniformBytes(uniform, round)));
        isWriting = false;
      };
      const read = async (): Promise<void> => {
        do {
          expectUniform(await readObject(adapter, key), uniform);
          await nextTurn();
        } while (isWriting);
      };
      await Promise.all([write(), read(), read(), read()]);
      expectBytes((await readObject(adapter, key)).bytes, uniformBytes(uniform, 24));
    },
  },
  {
    name: 'lets a reader finish the object that it opened when it is replaced',
    run: async ({ adapter, open, borderSizesBytes }) => {
      const writer = await open();
      for (const sizeBytes of [10, 3_000_000, ...borderSizesBytes.map((border) => border + 1)]) {
        const bytes = sampleBytes(sizeBytes, 1);
        await writer.put(key, bytes);
        const reader = await openObject(adapter, key);
        const chunks = reader.body[Symbol.asyncIterator]();
        const { value } = await chunks.next();
        const first = Buffer.from(value ?? []);
        await writer.put(key, sampleBytes(sizeBytes, 2));
        const rest = await collectBytes({ [Symbol.asyncIterator]: () => chunks });
        expectBytes(Buffer.concat([first, rest]), bytes);
        await expectObject(adapter, key, sampleBytes(sizeBytes, 2));
      }
    },
  },
  {
    name: 'gives a reader the whole object or an error when it is deleted',
    run: async ({ adapter, open, borderSizesBytes }) => {
      const writer = await open();
      for (const sizeBytes of [10, 3_000_000, ...borderSizesBytes.map((border) => border + 1)]) {
        const bytes = sampleBytes(sizeBytes);
        await writer.put(key, bytes);
        const reader = await openObject(adapter, key);
        await writer.delete([{ key }]);
        const read = await collectBytes(reader.body).catch((error: unknown) => error);
        if (read instanceof Uint8Array) expectBytes(read, bytes);
        else expect(StorageError.isInstance(read), String(read)).toBe(true);
      }
    },
  },
  {
    name: 'keeps one of many puts to one key, whole',
    run: async ({ adapter, open }) => {
      const handles = [adapter, await open()];
      const infos = await Promise.all(
        Array.from({ length: 20 }, (_, round) =>
          (handles[round % 2] ?? adapter).put(key, lendingSource(uniformBytes(sizes, round), 10_000)),
        ),
      );
      const read = await readObject(adapter, key);
      const winner = infos.findIndex((info) => info.etag === read.info.etag);
      expectBytes(read.bytes, uniformBytes(sizes, winner));
    },
  },
  {
    name: 'keeps interleaved uploads of one key apart',
    run: async ({ adapter, open, borderSizesBytes }) => {
      const second = await open();
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes]) {
        const [left, right] = [sampleBytes(sizeBytes + 1, 1), sampleBytes(sizeBytes + 1, 2)];
        const sources = [left, right].map((bytes) => new GatedSource(bytes, bytes));
        const puts = sources.map((source, index) => (index === 0 ? adapter : second).put(key, source));
        await Promise.all(sources.map((source) => source.paused));
        for (const [index, source] of sources.entries()) {
          source.resume();
          await puts[index];
        }
        await expectObject(adapter, key, Buffer.concat([right, right]));
      }
    },
  },
  {
    name: 'lists what stays while other keys come and go',
    run: async ({ adapter, open }) => {
      const writer = await open();
      const stable = ['m1', 'm2', 'm3'];
      for (const text of stable) await writer.put(objectKey(text), sampleBytes(1));
      let isWriting = true;
      const churn = async (): Promise<void> => {
        for (let round = 0; round < 60; round++) {
          const passing = objectKey(round % 2 === 0 ? `a${round}` : `z${round}`);
          await writer.put(passing, pacedSource(sampleBytes(1)));
          await writer.delete([{ key: passing }]);
        }
        isWriting = false;
      };
      const list = async (): Promise<void> => {
        do {
          const keys = await listKeys(adapter, { pageSize: 2 });
          expect(keys.filter((text) => text.startsWith('m'))).toEqual(stable);
          await nextTurn();
        } while (isWriting);
      };
      await Promise.all([churn(), list()]);
    },
  },
]);

/** Bytes that are all the same and tell in which round they were written. */
function uniformBytes(ofSizes: readonly number[], round: number): Uint8Array {
  return new Uint8Array(ofSizes[round % ofSizes.length] ?? 0).fill(round);
}

function expectUniform(
  read: { readonly info: ObjectInfo; readonly bytes: Uint8Array },
  ofSizes: readonly number[],
): void {
  const round = read.bytes[0] ?? 0;
  expect(read.info.sizeBytes, 'size told with the bytes').toBe(read.bytes.byteLength);
  expectBytes(read.bytes, uniformBytes(ofSizes, round));
}
