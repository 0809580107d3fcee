import { chmod, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ObjectReader, StorageAdapter } from '@holdfast/ports';
import { TemporaryFolder } from '@holdfast/tooling-services';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectCode, gather } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { chunksOf, sampleBytes } from './support/sources.ts';
import { makeSubject, withoutChecksums } from './support/storage-subjects.ts';

const bytes = sampleBytes(10_000);

/** A store that gives other bytes than it has, and says nothing of it. */
function lying(adapter: StorageAdapter, lie: { body: Uint8Array | undefined }): StorageAdapter {
  return overriding(adapter, {
    get: async (...parameters) => {
      const reader = await adapter.get(...parameters);
      if (reader === undefined || lie.body === undefined) return reader;
      const { offset, length } = reader.range;
      return overriding<ObjectReader>(reader, { body: pieces(lie.body.subarray(offset, offset + length)) });
    },
  });
}

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunksOf(body, [999]);
}

test('a flip of any bit of a stored object ends every full reading in checksum-mismatch', async () => {
  const lie: { body: Uint8Array | undefined } = { body: undefined };
  await using folder = await TemporaryFolder.make();
  await using subject = await makeSubject(() => lying(new MemoryStorageAdapter(), lie));
  const { service } = subject;
  const info = await service.save(bytes, { format: 'binary' });
  const path = folder.join('file');
  await writeFile(path, 'old');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.byteLength - 1), fc.nat(7), async (position, bit) => {
      lie.body = bytes.map((byte, index) => (index === position ? byte ^ (1 << bit) : byte));
      const error = await expectCode(service.load(info), 'checksum-mismatch');
      expect(error.key).toBe(info.storagePath);
      await expectCode(service.verify(info), 'checksum-mismatch');
      await expectCode(gather(service.read(info)), 'checksum-mismatch');
      await expectCode(gather(service.loadStream(info)), 'checksum-mismatch');
      await expectCode(service.loadToFile(info, path, { overwrite: true }), 'checksum-mismatch');
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await folder.names()).toEqual(['file']);
    }),
    { numRuns: 25 },
  );
});

test('a damaged object that its store gives in one piece is not handed out', async () => {
  const sound = sampleBytes(100_000);
  let given = sound;
  await using subject = await makeSubject(() => {
    const adapter = new MemoryStorageAdapter();
    return overriding(adapter, {
      get: async (...parameters) => {
        const reader = await adapter.get(...parameters);
        return reader && overriding<ObjectReader>(reader, { bytes: async () => given });
      },
    });
  });
  const { service } = subject;
  for (const whole of [sound, sound.subarray(0, 100)]) {
    given = whole;
    const info = await service.save(whole, { format: 'binary' });
    expect(await service.load(info)).toBe(given);
    given = whole.map((byte, index) => (index === 50 ? byte ^ 1 : byte));
    await expectCode(service.load(info), 'checksum-mismatch');
    for (const sizeBytes of [whole.byteLength - 1, whole.byteLength + 1]) {
      given = sampleBytes(sizeBytes);
      await expectCode(service.load(info), 'size-mismatch');
    }
  }
});

test('a stored object of another length ends every full reading in size-mismatch, with no byte too many', async () => {
  const lie: { body: Uint8Array | undefined } = { body: undefined };
  await using subject = await makeSubject(() =>
    overriding(lying(new MemoryStorageAdapter(), lie), {
      capabilities: new MemoryStorageAdapter().capabilities,
    }),
  );
  const { service } = subject;
  const info = await service.save(bytes, { format: 'binary' });
  const short = fc.integer({ min: 0, max: bytes.byteLength - 1 });
  await fc.assert(
    fc.asyncProperty(short, async (length) => {
      lie.body = bytes.subarray(0, length);
      await expectCode(service.load(info), 'size-mismatch');
      await expectCode(service.verify(info), 'size-mismatch');
      await expectCode(service.loadRange(info, { offset: 0 }), 'size-mismatch');
    }),
    { numRuns: 15 },
  );
});

test('more bytes than were recorded are not handed on', async () => {
  const memory = new MemoryStorageAdapter();
  const adapter = overriding<StorageAdapter>(memory, {
    get: async (...parameters) => {
      const reader = await memory.get(...parameters);
      return reader === undefined
        ? undefined
        : overriding<ObjectReader>(reader, { body: pieces(sampleBytes(50_000)) });
    },
  });
  await using subject = await makeSubject(() => adapter);
  const info = await subject.service.save(bytes, { format: 'binary' });
  let seenBytes = 0;
  const reading = async (): Promise<void> => {
    for await (const chunk of subject.service.read(info)) seenBytes += chunk.byteLength;
  };
  await expectCode(reading(), 'size-mismatch');
  expect(seenBytes).toBeLessThanOrEqual(info.sizeBytes);
});

describe.each([
  ['with checksums', (adapter: StorageAdapter) => adapter],
  ['without checksums', withoutChecksums],
] as const)('a range, on a backend %s', (_name, change) => {
  test('of an object of another size is corrupt, inside and past its end', async () => {
    await using subject = await makeSubject(() => change(new MemoryStorageAdapter()));
    const { service, adapter } = subject;
    const info = await service.save(bytes, { key: 'object', format: 'binary' });
    await adapter.put(info.storagePath as never, bytes.subarray(0, 5_000));
    for (const range of [{ offset: 10, length: 5 }, { offset: 7_000, length: 5 }, { suffix: 3 }]) {
      await expectCode(service.loadRange(info, range), 'corrupt');
    }
    await expectCode(service.rangeSource(info).read(6_000, 100), 'corrupt');
    await expectCode(service.load(info), 'size-mismatch');
  });

  test('past the end of what was saved is not satisfiable, and of nothing is not found', async () => {
    await using subject = await makeSubject(() => change(new MemoryStorageAdapter()));
    const { service } = subject;
    const info = await service.save(bytes, { format: 'binary' });
    await expectCode(service.loadRange(info, { offset: 10_000, length: 1 }), 'range-not-satisfiable');
    await service.delete(info);
    await expectCode(service.loadRange(info, { offset: 0, length: 1 }), 'not-found');
    await expectCode(service.load(info), 'not-found');
    await expectCode(service.verify(info), 'not-found');
    await expectCode(gather(service.loadStream(info)), 'not-found');
  });
});

test('a range of an object that was replaced by one of the same size is corrupt where the backend keeps checksums', async () => {
  await using subject = await makeSubject(() => new MemoryStorageAdapter());
  const { service } = subject;
  const info = await service.save(bytes, { key: 'object', format: 'binary' });
  await service.save(sampleBytes(10_000, 2), { key: 'object', format: 'binary' });
  await expectCode(service.loadRange(info, { offset: 0, length: 1 }), 'corrupt');
  await expectCode(service.load(info), 'checksum-mismatch');
});

test('an object that does not fit into memory is refused with a hint', async () => {
  await using subject = await makeSubject(() => new MemoryStorageAdapter());
  const info = await subject.service.save(bytes, { format: 'binary' });
  const error = await expectCode(subject.service.load(info.with({ sizeBytes: 2 ** 52 })), 'quota-exceeded');
  expect(error.hint).toMatch(/stream/);
});

describe('a data file of the filesystem store', () => {
  async function damage(store: string, change: (path: string) => Promise<void>): Promise<void> {
    const names = await readdir(`${store}/data`, { recursive: true });
    const path = `${store}/data/${names.find((name) => name.includes('/')) ?? ''}`;
    await chmod(path, 0o644);
    await change(path);
  }

  test.each([
    [
      'flipped',
      (path: string) => writeFile(path, sampleBytes(100_000).fill(0, 50_000, 50_001)),
      'checksum-mismatch',
    ],
    ['emptied', (path: string) => truncate(path), 'corrupt'],
  ] as const)(
    'that is %s is found by every reading, and repaired by the next save that is told of it',
    async (_how, change, code) => {
      await using folder = await TemporaryFolder.make();
      const root = folder.join('store');
      await using subject = await makeSubject(() => new FilesystemStorageAdapter({ root }));
      const { service } = subject;
      const original = sampleBytes(100_000);
      const info = await service.save(original, { format: 'binary' });
      await damage(root, change);
      await expectCode(service.load(info), code);
      await expectCode(service.verify(info), code);
      await expectCode(service.loadToFile(info, folder.join('out')), code);
      expect(await folder.names()).toEqual(['store']);
      await service.save(original, { format: 'binary', isDamaged: async () => true });
      expect(Buffer.compare(await service.load(info), original)).toBe(0);
    },
  );
});

test('a save of the same bytes repairs what a load has found damaged, and only that', async () => {
  await using folder = await TemporaryFolder.make();
  const root = folder.join('store');
  await using subject = await makeSubject(() => new FilesystemStorageAdapter({ root, durability: 'none' }));
  const { service } = subject;
  const large = sampleBytes(40_000);
  const info = await service.save(large, { format: 'binary' });
  const shard = (await readdir(`${root}/data`))[0] as string;
  const path = `${root}/data/${shard}/${(await readdir(`${root}/data/${shard}`))[0] as string}`;
  await chmod(path, 0o644);
  await writeFile(path, large.toReversed());
  await expectCode(service.load(info), 'checksum-mismatch');
  expect(await service.saveWithReceipt(large, { format: 'binary' })).toMatchObject({ isDuplicate: false });
  expect(Buffer.compare(await service.load(info), large)).toBe(0);
  expect(await service.saveWithReceipt(large, { format: 'binary' })).toMatchObject({ isDuplicate: true });
});
