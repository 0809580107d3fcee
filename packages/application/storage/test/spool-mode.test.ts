import { readdir, stat } from 'node:fs/promises';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { StorageService } from '@holdfast/storage';
import { expect, test } from 'vitest';
import { hashedFirst } from './support/storage-subjects.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

test('only its owner can read a stream that is kept on the disk until it is sent', async () => {
  await using folder = await TemporaryFolder.make();
  await using service = new StorageService({
    adapters: { main: hashedFirst(new MemoryStorageAdapter()) },
    spoolFolder: folder.path,
  });
  const modes = new Set<string>();
  async function* chunks(): AsyncIterable<Uint8Array> {
    for (let round = 0; round < 2; round++) {
      for (const name of await readdir(folder.path))
        modes.add(((await stat(folder.join(name))).mode & 0o777).toString(8));
      yield Buffer.from('secret');
    }
  }
  await service.save(chunks(), { format: 'binary' });
  expect(modes).toEqual(new Set(['600']));
});
