import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { walkFolder } from './walk-folder.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, stat: vi.fn<typeof original.stat>(original.stat) };
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('files are sorted by the bytes of their paths', async () => {
  for (const name of ['b', 'Z', 'ü', 'a', '🔩', '\uffee']) await writeFile(join(folder, name), name);
  const files = await walkFolder(folder);
  expect(files.map(({ path }) => path)).toEqual(['Z', 'a', 'b', 'ü', '\uffee', '🔩']);
  expect(files[1]).toEqual({ path: 'a', location: join(folder, 'a'), sizeBytes: 1, isExecutable: false });
});

test.each(['file', 'link'])(
  'a %s that cannot be looked at is the system’s error, not a broken link',
  async (kind) => {
    await writeFile(join(folder, 'file'), '');
    if (kind === 'link') await symlink('file', join(folder, 'link'));
    const refused = Object.assign(new Error('no'), { code: kind === 'file' ? 'ENOENT' : 'EACCES' });
    const { stat: original } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
    vi.mocked(stat).mockImplementation(((path: string) =>
      path.endsWith(kind) ? Promise.reject(refused) : original(path)) as typeof stat);
    await expect(walkFolder(folder)).rejects.toBe(refused);
    vi.mocked(stat).mockImplementation(original);
  },
);
