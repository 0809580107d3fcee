import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import {
  type FileHandle,
  appendFile,
  link,
  open,
  rename,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { readSource } from '@holdfast/ports';
import { FileRangeSource, fileSource } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gather } from './support/expect-code.ts';
import { sampleBytes } from './support/sources.ts';
import { hashedFirst, keysIn, makeSubject } from './support/storage-subjects.ts';

const bytes = sampleBytes(2_500_000);
let folder: TemporaryFolder;
let path: string;

beforeEach(async () => {
  folder = await TemporaryFolder.make();
  path = folder.join('file');
  await writeFile(path, bytes);
});

afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

/** What this process has open. */
function openedFiles(): readonly (string | undefined)[] {
  return readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return undefined;
    }
  });
}

/** The methods that every open file has. */
async function fileHandlePrototype(): Promise<FileHandle> {
  const file = await open(path);
  await file.close();
  return Object.getPrototypeOf(file) as FileHandle;
}

test('a file can be read any number of times, also at once', async () => {
  const source = await fileSource(path);
  expect(source.sizeBytes).toBe(bytes.byteLength);
  const readings = await Promise.all([gather(source.open()), gather(source.open())]);
  for (const reading of readings) expect(Buffer.compare(reading, bytes)).toBe(0);
});

test('a range is that part of the file, shorter at its end, and empty past it', async () => {
  await using source = await FileRangeSource.open(path);
  expect(source.sizeBytes).toBe(bytes.byteLength);
  expect(Buffer.compare(await source.read(100, 1_000), bytes.subarray(100, 1_100))).toBe(0);
  expect(Buffer.compare(await source.read(2_499_990, 1_000), bytes.subarray(2_499_990))).toBe(0);
  expect(await source.read(2_500_000, 5)).toHaveLength(0);
  expect(await source.read(9_999_999, 5)).toHaveLength(0);
  const target = new Uint8Array(1_000);
  expect(await source.readInto(100, target)).toBe(1_000);
  expect(Buffer.compare(target, bytes.subarray(100, 1_100))).toBe(0);
  expect(await source.readInto(2_499_990, target)).toBe(10);
  expect(Buffer.compare(target.subarray(0, 10), bytes.subarray(2_499_990))).toBe(0);
  await truncate(path, 50);
  expect(await source.read(40, 1_000)).toHaveLength(10);
});

test('small ranges are read without another thread, large ones with one', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  onTestFinished(() => clock.mockRestore());
  await using source = await FileRangeSource.open(path);
  const read = vi.spyOn(await fileHandlePrototype(), 'read');
  onTestFinished(() => read.mockRestore());
  expect(Buffer.compare(await source.read(100, 512), bytes.subarray(100, 612))).toBe(0);
  expect(read).not.toHaveBeenCalled();
  await source.read(100, 100_000);
  expect(read).toHaveBeenCalledOnce();
});

test('small ranges that are read one after another leave other work its turn', async () => {
  await using source = await FileRangeSource.open(path);
  let hasHadItsTurn = false;
  setImmediate(() => {
    hasHadItsTurn = true;
  });
  const endsAtMs = performance.now() + 2_000;
  while (!hasHadItsTurn && performance.now() < endsAtMs) await source.read(100, 512);
  expect(hasHadItsTurn).toBe(true);
});

describe.each([
  ['fileSource', fileSource],
  ['FileRangeSource.open', (wanted: string) => FileRangeSource.open(wanted)],
] as const)('%s', (_name, openFile) => {
  test('refuses what cannot be read more than once, with the system’s codes', async () => {
    await expect(openFile(folder.join('missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(openFile(folder.path)).rejects.toMatchObject({ code: 'EISDIR', path: folder.path });
    await expect(openFile('/dev/null')).rejects.toMatchObject({ code: 'ESPIPE' });
    const pipe = folder.join('pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(openFile(pipe)).rejects.toMatchObject({ code: 'ESPIPE' });
  });
});

test.skipIf(!existsSync('/proc/self/fd'))(
  'a file is closed when its reading is left, early or not',
  async () => {
    const source = await fileSource(path);
    for await (const _block of readSource(source)) {
      expect(openedFiles()).toContain(path);
      break;
    }
    await gather(source.open());
    await (await FileRangeSource.open(path))[Symbol.asyncDispose]();
    expect(openedFiles()).not.toContain(path);
  },
);

test('a read that fails while a block is out on loan is told when the next one is asked for', async () => {
  const source = await fileSource(path);
  const prototype = await fileHandlePrototype();
  const original: unknown = Reflect.get(prototype, 'read');
  const failure = Object.assign(new Error('the disk is broken'), { code: 'EIO' });
  let reads = 0;
  // Not a spy: that would handle the rejection.
  const failing = function (this: FileHandle, ...parameters: unknown[]): Promise<unknown> {
    if (++reads === 2) return Promise.reject(failure);
    return Reflect.apply(original as typeof prototype.read, this, parameters);
  };
  Reflect.set(prototype, 'read', failing);
  onTestFinished(() => void Reflect.set(prototype, 'read', original));
  const unhandled = vi.fn<(reason: unknown) => void>();
  process.on('unhandledRejection', unhandled);
  const reading = async (): Promise<void> => {
    for await (const _block of source.open()) await delay(20);
  };
  await expect(reading()).rejects.toBe(failure);
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe.each([
  ['in one pass', () => new MemoryStorageAdapter()],
  ['hashed first', () => hashedFirst(new MemoryStorageAdapter())],
] as const)('a file that is saved %s', (_name, make) => {
  const rewrite = async (): Promise<void> => {
    const file = await open(path, 'r+');
    await file.write(Buffer.from('other'), 0, 5, 1_000);
    await file.close();
  };

  test.each([
    ['grows', () => appendFile(path, 'more')],
    ['shrinks', () => truncate(path, 10)],
    ['changes in place', rewrite],
    ['changes into another of the same size', () => writeFile(path, sampleBytes(2_500_000, 2))],
    ['is replaced', () => writeFile(`${path}2`, bytes).then(() => rename(`${path}2`, path))],
  ] as const)('and %s after it was looked at is refused by name', async (_how, change) => {
    await using subject = await makeSubject(make);
    const source = await fileSource(path);
    expect(await source.hasChanged()).toBe(false);
    await change();
    expect(await source.hasChanged()).toBe(true);
    await expect(subject.service.save(source)).rejects.toMatchObject({ code: 'ESTALE', path });
    expect(await keysIn(subject.adapter)).toEqual([]);
  });

  test('and changes in place while it is read is refused by name, and is saved when it is looked at again', async () => {
    await using subject = await makeSubject(make);
    const source = await fileSource(path);
    let isChanged = false;
    const reading = async function* (): AsyncIterable<Uint8Array> {
      for await (const block of source.open()) {
        yield block;
        if (!isChanged) await rewrite();
        isChanged = true;
      }
    };
    const saving = subject.service.save({ sizeBytes: source.sizeBytes, open: reading });
    await expect(saving).rejects.toMatchObject({ code: 'ESTALE', path });
    expect(await keysIn(subject.adapter)).toEqual([]);
    expect(await subject.service.save(await fileSource(path))).toMatchObject({ sizeBytes: 2_500_000 });
  });

  test('and gets another name while it is read is saved', async () => {
    await using subject = await makeSubject(make);
    const source = await fileSource(path);
    await link(path, `${path}2`);
    expect(await subject.service.save(source, { format: 'binary' })).toMatchObject({ sizeBytes: 2_500_000 });
  });

  test('and vanishes is the system’s error', async () => {
    await using subject = await makeSubject(make);
    const source = await fileSource(path);
    await unlink(path);
    await expect(subject.service.save(source)).rejects.toMatchObject({ code: 'ENOENT', path });
    expect(await keysIn(subject.adapter)).toEqual([]);
  });
});
