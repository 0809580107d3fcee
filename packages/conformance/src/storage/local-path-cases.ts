import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectBytes, expectObject } from './expect-bytes.ts';
import { objectKey, putSample } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('local/é%2F.bin');

export const localPathCases: readonly StorageCase[] = inGroup('local path', [
  {
    name: 'gives a file with the bytes of an object of any size',
    needs: ['localPath'],
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of [
        0,
        1,
        10,
        300_000,
        ...borderSizesBytes.flatMap((border) => [border, border + 1]),
      ]) {
        const bytes = sampleBytes(sizeBytes, 3);
        const info = await adapter.put(key, bytes);
        expectBytes(await readLocal(adapter), bytes);
        expectBytes(await readLocal(adapter), bytes);
        expect(await expectObject(adapter, key, bytes), 'asking for the path changes nothing').toEqual(info);
      }
    },
  },
  {
    name: 'gives the path of the new bytes when the object is replaced',
    needs: ['localPath'],
    run: async ({ adapter }) => {
      for (const seed of [1, 2, 3]) {
        await adapter.put(key, sampleBytes(50_000, seed));
        expectBytes(await readLocal(adapter), sampleBytes(50_000, seed));
      }
    },
  },
  {
    name: 'gives copies files of their own',
    needs: ['localPath'],
    run: async ({ adapter }) => {
      await adapter.put(key, sampleBytes(50_000));
      const copy = objectKey('copy');
      await adapter.copy(key, copy);
      await adapter.delete([{ key }]);
      const path = await adapter.localPath?.(copy);
      expectBytes(await readFile(path ?? ''), sampleBytes(50_000));
    },
  },
  {
    name: 'answers undefined for the path of what is not there',
    needs: ['localPath'],
    run: async ({ adapter }) => {
      expect(await adapter.localPath?.(key)).toBeUndefined();
      await putSample(adapter, key);
      await adapter.delete([{ key }]);
      expect(await adapter.localPath?.(key)).toBeUndefined();
    },
  },
]);

async function readLocal(adapter: StorageAdapter): Promise<Uint8Array> {
  const path = await adapter.localPath?.(key);
  expect(isAbsolute(path ?? ''), `${path} is absolute`).toBe(true);
  return readFile(path ?? '');
}
