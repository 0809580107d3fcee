import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts';
import { ReadableFile } from './readable-file.ts';

let folder: TemporaryFolder;
let path: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'file');
  writeFileSync(path, Buffer.alloc(1_000_000, 7));
});
afterAll(() => folder.remove());

/** Descriptors of this process; nowhere but on Linux can it look them up. */
function numOpenFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

test('waits with closing for what is being read, so that no other file is read instead', async () => {
  const before = numOpenFiles();
  for (let round = 0; round < 50; round++) {
    const file = await ReadableFile.open(path);
    const into = Buffer.alloc(1_000_000);
    const reading = [file.read(into, 0), file.read(Buffer.alloc(10), 999_995)];
    let isClosed = false;
    const closing = file.close().then(() => (isClosed = true));
    expect(isClosed).toBe(false);
    expect(await Promise.all(reading)).toEqual([1_000_000, 5]);
    expect(into.every((byte) => byte === 7)).toBe(true);
    await closing;
  }
  expect(numOpenFiles()).toBe(before);
});

test('is closed once, however often that is asked, and not read after it', async () => {
  const file = await ReadableFile.open(path);
  await Promise.all([file.close(), file.close()]);
  await file.close();
  await expect(file.read(Buffer.alloc(1), 0)).rejects.toMatchObject({ code: 'EBADF' });
});

test('tells what keeps it from being opened', async () => {
  await expect(ReadableFile.open(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
