import { StorageError } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectBytes } from './expect-bytes.ts';
import { objectKey } from './put-sample.ts';
import { collectBytes, openObject, readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('forever');
const isImmutable = true;

/** Reading what the caller says never changes: several parts may be fetched at once, and no other bytes come. */
export const immutableCases: readonly StorageCase[] = inGroup('read', [
  {
    name: 'reads what never changes as it reads anything',
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of [0, 1, severalParts(borderSizesBytes)]) {
        const bytes = sampleBytes(sizeBytes);
        const put = await adapter.put(key, bytes);
        const read = await readObject(adapter, key, { isImmutable });
        expectBytes(read.bytes, bytes);
        expect(read.info).toEqual(put);
        expect(read.range).toEqual({ offset: 0, length: sizeBytes });
      }
      expect(await adapter.get(objectKey('never'), { isImmutable })).toBeUndefined();
    },
  },
  {
    name: 'reads ranges of what never changes',
    needs: ['ranges'],
    run: async ({ adapter, borderSizesBytes }) => {
      const sizeBytes = severalParts(borderSizesBytes);
      const bytes = sampleBytes(sizeBytes);
      await adapter.put(key, bytes);
      for (const [offset, length] of [
        [0, 5],
        [1, sizeBytes - 2],
        [Math.floor(sizeBytes / 2), sizeBytes],
        [sizeBytes - 1, 1],
      ] as const) {
        const read = await readObject(adapter, key, { isImmutable, range: { offset, length } });
        expectBytes(read.bytes, bytes.subarray(offset, offset + length));
        expect(read.range).toEqual({ offset, length: Math.min(length, sizeBytes - offset) });
      }
      const past = adapter.get(key, { isImmutable, range: { offset: sizeBytes } });
      await expect(past).rejects.toMatchObject({ code: 'range-not-satisfiable' });
    },
  },
  {
    name: 'gives no mixture when what was said never to change is replaced',
    run: async ({ adapter, open, borderSizesBytes }) => {
      const sizeBytes = severalParts(borderSizesBytes);
      const bytes = sampleBytes(sizeBytes, 1);
      const writer = await open();
      await writer.put(key, bytes);
      const reader = await openObject(adapter, key, { isImmutable });
      const chunks = reader.body[Symbol.asyncIterator]();
      const first = Buffer.from((await chunks.next()).value ?? []);
      await writer.put(key, sampleBytes(sizeBytes, 2));
      const rest = await collectBytes({ [Symbol.asyncIterator]: () => chunks }).catch(
        (error: unknown) => error,
      );
      await reader[Symbol.asyncDispose]();
      if (rest instanceof Uint8Array) expectBytes(Buffer.concat([first, rest]), bytes);
      else expect(StorageError.isInstance(rest, 'precondition-failed'), String(rest)).toBe(true);
    },
  },
]);

function severalParts(borderSizesBytes: readonly number[]): number {
  return 3 * Math.max(1_000_000, ...borderSizesBytes) + 17;
}
