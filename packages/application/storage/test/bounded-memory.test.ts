import { open } from 'node:fs/promises';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ModelStorageInfo } from '@holdfast/domain';
import { type ObjectInfo, type ObjectReader, type StorageAdapter, readSource } from '@holdfast/ports';
import { StorageService, fileSource } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { namelessFiles } from './support/nameless-files.ts';
import { overriding } from './support/overriding.ts';
import { hashedFirst } from './support/storage-subjects.ts';

const chunkBytes = 1_048_576;
const chunkCount = 256;

/** Gives 256 MiB from one chunk, and remembers how far it was read. */
class CountedSource implements AsyncIterable<Uint8Array> {
  givenBytes = 0;

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const chunk = new Uint8Array(chunkBytes);
    for (let index = 0; index < chunkCount; index++) {
      this.givenBytes += chunk.byteLength;
      yield chunk;
    }
  }
}

/** A store that keeps nothing, and tells how far ahead of it the source was read. */
function swallowing(source: { readonly givenBytes: number }, readAhead: number[]): StorageAdapter {
  const memory = new MemoryStorageAdapter();
  return overriding<StorageAdapter>(memory, {
    put: async (key, body) => {
      let takenBytes = 0;
      for await (const chunk of readSource(body)) {
        await new Promise(setImmediate);
        readAhead.push(source.givenBytes - takenBytes);
        takenBytes += chunk.byteLength;
      }
      const named =
        typeof key === 'string' ? key : await key(`sha256:${'0'.repeat(64)}` as never, takenBytes);
      const info: ObjectInfo = {
        key: named,
        sizeBytes: takenBytes,
        etag: '1',
        metadata: {},
        lastModified: '',
      };
      return info;
    },
  });
}

test('saving 256 MiB from a stream takes one chunk at a time', async () => {
  for (const key of [undefined, 'named']) {
    const [source, readAhead] = [new CountedSource(), [] as number[]];
    const service = new StorageService({ adapters: { main: swallowing(source, readAhead) } });
    await service.save(source, { format: 'binary', ...(key === undefined ? {} : { key }) });
    expect(readAhead).toHaveLength(chunkCount);
    expect(Math.max(...readAhead)).toBeLessThanOrEqual(chunkBytes);
  }
});

test.skipIf(process.platform !== 'linux')(
  'spooling 256 MiB writes each chunk before the next one is taken, and sends it in blocks',
  async () => {
    await using folder = await TemporaryFolder.make();
    const [source, readAhead] = [new CountedSource(), [] as number[]];
    const adapter = hashedFirst(swallowing({ givenBytes: 0 }, []));
    const service = new StorageService({ adapters: { main: adapter }, spoolFolder: folder.path });
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        const [spool] = await namelessFiles(folder.path);
        if (spool !== undefined) readAhead.push(source.givenBytes - spool.size);
        yield chunk;
      }
    };
    const info = await service.save(watched(), { format: 'binary' });
    expect(info.sizeBytes).toBe(chunkBytes * chunkCount);
    expect(readAhead.length).toBeGreaterThan(chunkCount - 2);
    expect(Math.max(...readAhead)).toBeLessThanOrEqual(chunkBytes);
    expect(await folder.names()).toEqual([]);
  },
);

test('a file is read in two blocks of at most 1 MiB, used over and over', async () => {
  await using folder = await TemporaryFolder.make();
  for (const [size, most] of [
    [20 * chunkBytes, chunkBytes],
    [10, 10],
  ] as const) {
    const path = folder.join(`file-${size}`);
    const file = await open(path, 'w');
    await file.truncate(size);
    await file.close();
    const memories = new Set<ArrayBufferLike>();
    let bytes = 0;
    for await (const block of readSource(await fileSource(path))) {
      expect(block.byteLength).toBeLessThanOrEqual(most);
      expect(block.buffer.byteLength).toBeLessThanOrEqual(most);
      memories.add(block.buffer);
      bytes += block.byteLength;
    }
    expect(bytes).toBe(size);
    expect(memories.size).toBeLessThanOrEqual(2);
  }
});

test('reading 256 MiB hands on each chunk before the next one is asked for', async () => {
  await using folder = await TemporaryFolder.make();
  const filesystem = new FilesystemStorageAdapter({ root: folder.join('store') });
  let givenBytes = 0;
  const adapter = overriding<StorageAdapter>(filesystem, {
    get: async (...parameters) => {
      const reader = await filesystem.get(...parameters);
      if (reader === undefined) return undefined;
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of new CountedSource()) {
          givenBytes += chunk.byteLength;
          yield chunk;
        }
      };
      return overriding<ObjectReader>(reader, { body: counted() });
    },
  });
  await using service = new StorageService({ adapters: { main: adapter } });
  const small = await service.save(new Uint8Array(1), { format: 'binary' });
  const checksum = 'sha256:a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484';
  const info: ModelStorageInfo = small.with({ sizeBytes: chunkBytes * chunkCount, checksum });
  for (const chunks of [service.read(info), service.loadStream(info)]) {
    givenBytes = 0;
    let takenBytes = 0;
    let mostAhead = 0;
    for await (const chunk of chunks) {
      await new Promise(setImmediate);
      mostAhead = Math.max(mostAhead, givenBytes - takenBytes);
      takenBytes += chunk.byteLength;
    }
    expect(mostAhead).toBeLessThanOrEqual(2 * chunkBytes);
    expect(takenBytes).toBe(info.sizeBytes);
  }
});
