import { readdir, readlink, stat } from 'node:fs/promises';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { hashedFirst } from './support/storage-subjects.ts';

/** Where a process of Linux finds the files that it has open, also those that have lost their name. */
const openFiles = '/proc/self/fd';
const isLinux = process.platform === 'linux';

test.runIf(isLinux)(
  'only its owner can read a stream that is kept on the disk until it is sent',
  async () => {
    await using folder = await TemporaryFolder.make();
    await using service = new StorageService({
      adapters: { main: hashedFirst(new MemoryStorageAdapter()) },
      spoolFolder: folder.path,
    });
    const modes = new Set<string>();
    async function* chunks(): AsyncIterable<Uint8Array> {
      for (let round = 0; round < 2; round++) {
        for (const mode of await modesOfOpenFiles(folder.path)) modes.add(mode);
        yield Buffer.from('secret');
      }
    }
    await service.save(chunks(), { format: 'binary' });
    expect(modes).toEqual(new Set(['600']));
  },
);

async function modesOfOpenFiles(folder: string): Promise<readonly string[]> {
  const modes: string[] = [];
  for (const name of await readdir(openFiles)) {
    const path = `${openFiles}/${name}`;
    const target = await readlink(path).catch(() => '');
    if (target.startsWith(folder)) modes.push(((await stat(path)).mode & 0o777).toString(8));
  }
  return modes;
}
