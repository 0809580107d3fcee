import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts';
import { writeChunks } from './write-chunks.ts';

const direct = 131_072;
const mebibyte = 1_048_576;
const lengths = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.constantFrom(direct - 1, direct, direct + 1, mebibyte, mebibyte + 1),
);

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

describe('writeChunks', () => {
  test('keeps the order of short and long chunks that lie in one memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lengths, { maxLength: 40 }), async (sizes) => {
        const path = join(folder.path, 'mixed');
        let meanwhile = 0;
        await using file = await open(path, 'w');
        await writeChunks(file, inOneMemory(sizes), { isSynced: false, meanwhile: () => meanwhile++ });
        const expected = Buffer.concat(sizes.map((size, number) => Buffer.alloc(size, number + 1)));
        expect((await readFile(path)).equals(expected)).toBe(true);
        expect(meanwhile).toBe(sizes.filter((size) => size >= direct).length);
      }),
      { numRuns: 30 },
    );
  });

  test('syncs every 32 MiB and at the end, and only where it is asked to', async () => {
    const sizes = Array.from({ length: 70 }, () => mebibyte);
    for (const isSynced of [true, false]) {
      const file = fakeFile({});
      await writeChunks(file, inOneMemory(sizes), { isSynced, meanwhile: () => undefined });
      expect(file.calls.filter((call) => call !== 'write')).toEqual(
        isSynced ? ['datasync', 'datasync', 'sync'] : [],
      );
    }
  });

  test.each(['write', 'datasync', 'sync'] as const)('passes a failed %s on', async (call) => {
    const failure = new Error('the disk is broken');
    const sizes = Array.from({ length: 33 }, () => mebibyte);
    const work = writeChunks(fakeFile({ [call]: failure }), inOneMemory(sizes), {
      isSynced: true,
      meanwhile: () => undefined,
    });
    await expect(work).rejects.toBe(failure);
  });
});

/** Every chunk overwrites the one before it. */
async function* inOneMemory(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(mebibyte + 1);
  for (const [number, size] of sizes.entries()) yield memory.fill(number + 1).subarray(0, size);
  memory.fill(0);
}

function fakeFile(failures: Readonly<Record<string, Error>>): FileHandle & { readonly calls: string[] } {
  const calls: string[] = [];
  const call = async (name: string): Promise<void> => {
    calls.push(name);
    if (failures[name] !== undefined) throw failures[name];
  };
  return {
    calls,
    write: async (_bytes: Uint8Array, _offset: number, length: number) => {
      await call('write');
      return { bytesWritten: length };
    },
    datasync: () => call('datasync'),
    sync: () => call('sync'),
  } as unknown as FileHandle & { readonly calls: string[] };
}
