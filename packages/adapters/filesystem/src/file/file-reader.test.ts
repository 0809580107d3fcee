import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectInfo } from '@holdfast/ports';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts';
import { FileReader } from './file-reader.ts';
import { ReadableFile } from './readable-file.ts';

const mebibyte = 1_048_576;

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

describe('FileReader', () => {
  test.each([1, 65_535, 65_536, mebibyte, mebibyte + 1, 3 * mebibyte])('reads %i bytes', async (length) => {
    for (let round = 0; round < 3; round++) {
      const chunks = await Array.fromAsync(await read(length, round + 1), (chunk) => Buffer.from(chunk));
      expect(Buffer.concat(chunks).equals(Buffer.alloc(length, round + 1))).toBe(true);
    }
  });

  test.each([0, 1, mebibyte])('reads %i bytes in one piece', async (length) => {
    const reader = await readerOf({ length, fill: 5 });
    expect(Buffer.alloc(length, 5).equals((await reader.bytes?.()) ?? Buffer.of())).toBe(true);
  });

  test('tells that a file is cut short when it is read in one piece', async () => {
    const reader = await readerOf({ length: 1_000, fill: 6, presentBytes: 999 });
    await expect(reader.bytes?.()).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('does not read in one piece what may be large', async () => {
    await using reader = await readerOf({ length: mebibyte + 1, fill: 8 });
    expect(reader.bytes).toBeUndefined();
  });

  test.each([65_536, 2 * mebibyte])('leaves a chunk of %i bytes alone while it is lent', async (length) => {
    const lent = (await read(length, 1))[Symbol.asyncIterator]();
    const { value: chunk } = await lent.next();
    for (let fill = 2; fill < 40; fill++) for await (const other of await read(length, fill)) other.fill(0);
    expect(Buffer.from(chunk).equals(Buffer.alloc(chunk.byteLength, 1))).toBe(true);
    await lent.return?.();
  });

  test('tells that a file is cut short when that part is asked for, however slow its reader is', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const lent = (await read(3 * mebibyte, 7, mebibyte))[Symbol.asyncIterator]();
    expect((await lent.next()).value?.byteLength).toBe(mebibyte);
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => void setImmediate(resolve));
    await expect(lent.next()).rejects.toMatchObject({ code: 'corrupt' });
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('gives no memory to two readers at once, however they end', async () => {
    for (let round = 0; round < 40; round++)
      for await (const chunk of await read(2 * mebibyte, 9)) if (chunk.byteLength > 0) break;
    const readers = await Promise.all(Array.from({ length: 40 }, (_, fill) => read(65_536, fill)));
    const iterators = readers.map((body) => body[Symbol.asyncIterator]());
    const chunks = await Promise.all(iterators.map((iterator) => iterator.next()));
    expect(new Set(chunks.map(({ value }) => (value as Uint8Array).buffer)).size).toBe(40);
    for (const iterator of iterators) await iterator.return?.();
  });
});

async function read(length: number, fill: number, presentBytes = length): Promise<AsyncIterable<Uint8Array>> {
  return (await readerOf({ length, fill, presentBytes })).body;
}

interface Sample {
  readonly length: number;
  readonly fill: number;
  readonly presentBytes?: number;
}

async function readerOf({ length, fill, presentBytes = length }: Sample): Promise<FileReader> {
  const path = join(folder.path, `${length}-${fill}`);
  await writeFile(path, Buffer.alloc(presentBytes, fill));
  const info = { key: 'k', sizeBytes: length } as unknown as ObjectInfo;
  return new FileReader(await ReadableFile.open(path), info, { range: { offset: 0, length } });
}
