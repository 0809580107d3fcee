import {
  chmod,
  link,
  mkdir,
  open,
  readFile,
  readlink,
  rename,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { writeFileWhole } from '../src/index.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...original,
    link: vi.fn<typeof original.link>(original.link),
    open: vi.fn<typeof original.open>(original.open),
    rename: vi.fn<typeof original.rename>(original.rename),
  };
});

const original = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
const bytes = bytesOf(100_000, 1);
const chunks = (): AsyncIterable<Uint8Array> => lending(bytes, 30_000);

function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed) % 251);
}

/** Chunks in one memory: each overwrites the one before it. */
async function* lending(from: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(chunkBytes);
  for (let offset = 0; offset < from.byteLength; offset += chunkBytes) {
    const chunk = from.subarray(offset, offset + chunkBytes);
    memory.set(chunk);
    yield memory.subarray(0, chunk.byteLength);
    memory.fill(0xaa);
  }
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('the chunks broke');
}

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await TemporaryFolder.make();
  onTestFinished(() => folder[Symbol.asyncDispose]());
});

test('the whole file and nothing else is there, with the mode that was asked for', async () => {
  await writeFileWhole(folder.join('plain'), chunks());
  await writeFileWhole(folder.join('program'), chunks(), { executable: true });
  expect(Buffer.compare(await readFile(folder.join('plain')), bytes)).toBe(0);
  expect((await stat(folder.join('plain'))).mode & 0o111).toBe(0);
  expect((await stat(folder.join('program'))).mode & 0o100).toBe(0o100);
  expect((await stat(folder.join('plain'))).nlink).toBe(1);
  expect(await folder.names()).toEqual(['plain', 'program']);
});

test('a name as long as the file system takes is written', async () => {
  const name = 'n'.repeat(255);
  await writeFileWhole(folder.join(name), chunks());
  await writeFileWhole(folder.join(name), chunks(), { overwrite: true });
  expect(await folder.names()).toEqual([name]);
});

test('while it is written, nothing is seen at its place', async () => {
  await writeFile(folder.join('old'), 'old');
  const watching = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks()) {
      expect(await readFile(folder.join('old'), 'utf8')).toBe('old');
      await expect(stat(folder.join('new'))).rejects.toMatchObject({ code: 'ENOENT' });
      yield chunk;
    }
  };
  await writeFileWhole(folder.join('new'), watching());
  await unlink(folder.join('new'));
  await writeFileWhole(folder.join('old'), watching(), { overwrite: true });
  expect(await folder.names()).toEqual(['old']);
});

test.each([{}, { overwrite: true }])(
  'chunks that end in an error leave what was there (%j)',
  async (options) => {
    await expect(writeFileWhole(folder.join('new'), failing(), options)).rejects.toThrow('the chunks broke');
    expect(await folder.names()).toEqual([]);
    await writeFile(folder.join('old'), 'old');
    if ('overwrite' in options) {
      await expect(writeFileWhole(folder.join('old'), failing(), options)).rejects.toThrow(
        'the chunks broke',
      );
    }
    expect(await readFile(folder.join('old'), 'utf8')).toBe('old');
    expect(await folder.names()).toEqual(['old']);
  },
);

test('a file, a folder and a broken link are in the way before a chunk is read', async () => {
  await writeFile(folder.join('file'), 'old');
  await mkdir(folder.join('folder'));
  await symlink('nowhere', folder.join('link'));
  for (const name of ['file', 'folder', 'link']) {
    const read = vi.fn<typeof chunks>(chunks);
    const lazily = async function* (): AsyncGenerator<Uint8Array> {
      yield* read();
    };
    const error = { code: 'EEXIST', path: folder.join(name) };
    await expect(writeFileWhole(folder.join(name), lazily())).rejects.toMatchObject(error);
    expect(read).not.toHaveBeenCalled();
  }
  expect(await readFile(folder.join('file'), 'utf8')).toBe('old');
  expect(await readlink(folder.join('link'))).toBe('nowhere');
  expect(await folder.names()).toEqual(['file', 'folder', 'link']);
});

test('a folder cannot be overwritten, and a missing folder is not made', async () => {
  await mkdir(folder.join('folder'));
  const path = folder.join('folder');
  const error = await writeFileWhole(path, chunks(), { overwrite: true }).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'EISDIR', path });
  expect(String(error)).not.toContain('.partial');
  const missing = { code: 'ENOENT', path: folder.join('no', 'file') };
  await expect(writeFileWhole(missing.path, chunks())).rejects.toMatchObject(missing);
  expect(await folder.names()).toEqual(['folder']);
});

describe.each(['with links', 'without links'])('on a file system %s', (kind) => {
  beforeEach(() => {
    if (kind === 'with links') return;
    vi.mocked(link).mockRejectedValue(Object.assign(new Error('no links here'), { code: 'EPERM' }));
    onTestFinished(() => void vi.mocked(link).mockReset());
  });

  test('the file is written', async () => {
    await writeFileWhole(folder.join('new'), chunks());
    expect(Buffer.compare(await readFile(folder.join('new')), bytes)).toBe(0);
    expect(await folder.names()).toEqual(['new']);
  });

  test('what appears meanwhile stays, and is in the way', async () => {
    const raced = async function* (): AsyncGenerator<Uint8Array> {
      yield* chunks();
      await writeFile(folder.join('new'), 'somebody else’s');
    };
    await expect(writeFileWhole(folder.join('new'), raced())).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(folder.join('new'), 'utf8')).toBe('somebody else’s');
    expect(await folder.names()).toEqual(['new']);
  });

  test('of two writers at once one wins whole', async () => {
    const contents = [bytesOf(50_000, 1), bytesOf(60_000, 2)];
    const writes = contents.map((content) => writeFileWhole(folder.join('new'), lending(content, 1_000)));
    const outcomes = await Promise.allSettled(writes);
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1 - won]).toMatchObject({ reason: { code: 'EEXIST' } });
    expect(Buffer.compare(await readFile(folder.join('new')), contents[won] as Uint8Array)).toBe(0);
    expect(await folder.names()).toEqual(['new']);
  });
});

test('any other refusal of a link is passed on', async () => {
  vi.mocked(link).mockRejectedValueOnce(Object.assign(new Error('the disk is broken'), { code: 'EIO' }));
  await expect(writeFileWhole(folder.join('new'), chunks())).rejects.toMatchObject({ code: 'EIO' });
  expect(await folder.names()).toEqual([]);
});

test('an error of the disk while it is written names the file of the caller', async () => {
  const path = folder.join('new');
  vi.mocked(open).mockImplementationOnce(async (...place) => {
    const file = await original.open(...place);
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    vi.spyOn(file, 'writeFile').mockRejectedValueOnce(full);
    return file;
  });
  await expect(writeFileWhole(path, chunks())).rejects.toMatchObject({ code: 'ENOSPC', path });
  expect(await folder.names()).toEqual([]);
});

test('a place that was reserved is given up when the file cannot be moved there', async () => {
  vi.mocked(link).mockRejectedValueOnce(Object.assign(new Error('no links'), { code: 'ENOTSUP' }));
  vi.mocked(rename).mockRejectedValueOnce(Object.assign(new Error('the disk is broken'), { code: 'EIO' }));
  await expect(writeFileWhole(folder.join('new'), chunks())).rejects.toMatchObject({ code: 'EIO' });
  expect(await folder.names()).toEqual([]);
});

test.skipIf(process.getuid?.() === 0)(
  'a folder that cannot be written to is told by the system’s error',
  async () => {
    await chmod(folder.path, 0o555);
    await expect(writeFileWhole(folder.join('new'), chunks())).rejects.toMatchObject({ code: 'EACCES' });
    await chmod(folder.path, 0o755);
  },
);

test('text is written as well, and what needs no sync is not synced', async () => {
  const path = folder.join('note');
  const synced: string[] = [];
  vi.mocked(open).mockImplementation(async (...place) => {
    const file = await original.open(...place);
    const sync = file.sync.bind(file);
    file.sync = () => (synced.push(String(place[0])), sync());
    return file;
  });
  onTestFinished(() => void vi.mocked(open).mockReset().mockImplementation(original.open));
  const temporaryPath = folder.join('first');
  await writeFileWhole(path, 'text', { temporaryPath, sync: 'nothing' });
  expect([await readFile(path, 'utf8'), synced.splice(0)]).toEqual(['text', []]);
  await writeFileWhole(path, 'bytes', { temporaryPath, sync: 'bytes', overwrite: true, mode: 0o600 });
  expect([await readFile(path, 'utf8'), synced.splice(0)]).toEqual(['bytes', [temporaryPath]]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFileWhole(path, 'all', { temporaryPath, overwrite: true });
  expect(synced).toEqual([temporaryPath, folder.path]);
});
