import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type ObjectKey, contentKey } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { lending, sampleBytes } from './support/sources.ts';
import {
  hashedFirst,
  keysIn,
  makeSubject,
  storageSubjects,
  withoutChecksums,
} from './support/storage-subjects.ts';

const bytes = sampleBytes(40_000);
const stream = (): AsyncIterable<Uint8Array> => lending(bytes, [1_000]);

describe.each(Object.entries(storageSubjects))('%s', (name, make) => {
  test('bytes that are there are not written again, whatever is announced of them', async () => {
    await using subject = await makeSubject(make);
    const { service } = subject;
    const first = await service.saveWithReceipt(bytes, { metadata: { by: 'first' } });
    const { etag } = (await service.getMetadata(first.info)) ?? {};
    const second = await service.saveWithReceipt(stream(), {
      checksum: first.info.checksum,
      sizeBytes: 40_000,
    });
    expect([first.isDuplicate, second.isDuplicate]).toEqual([false, true]);
    expect(second.info.equals(first.info)).toBe(true);
    expect(await service.getMetadata(first.info)).toMatchObject({ etag, metadata: { by: 'first' } });
    expect(await keysIn(subject.adapter)).toHaveLength(1);
  });

  test.each(['absent', 'present'])(
    'bytes that are not the announced ones are refused while the object is %s',
    async (state) => {
      await using subject = await makeSubject(make);
      const { service } = subject;
      if (state === 'present') await service.save(bytes);
      const before = await keysIn(subject.adapter);
      const checksum = (await service.save(sampleBytes(5, 9), { key: 'other' })).checksum;
      for (const data of [bytes, stream]) {
        const source = (): AsyncIterable<Uint8Array> | Uint8Array =>
          typeof data === 'function' ? data() : data;
        await expectCode(service.save(source(), { checksum }), 'checksum-mismatch');
        await expectCode(service.save(source(), { sizeBytes: 39_999 }), 'size-mismatch');
        await expectCode(service.save(source(), { sizeBytes: 40_001 }), 'size-mismatch');
      }
      await expectCode(service.save({ sizeBytes: 3, open: stream }), 'size-mismatch');
      expect(await keysIn(subject.adapter)).toEqual([...before, 'other']);
      expect(await subject.spool.names()).toEqual([]);
    },
  );

  test('a digest that is known to be damaged is written again', async () => {
    await using subject = await makeSubject(make);
    const { service } = subject;
    const info = await service.save(bytes);
    const before = await service.getMetadata(info);
    const isDamaged = vi.fn<() => Promise<boolean>>(async () => true);
    expect(await service.saveWithReceipt(stream(), { isDamaged })).toMatchObject({
      isDuplicate: false,
      info,
    });
    expect(isDamaged).toHaveBeenCalledWith(info.checksum);
    expect((await service.getMetadata(info))?.etag).not.toBe(before?.etag);
    expect(await service.saveWithReceipt(stream(), { isDamaged: async () => false })).toMatchObject({
      isDuplicate: true,
    });
  });

  test.each(['shorter', 'longer'])('a %s object in the place of the content is replaced', async (which) => {
    await using subject = await makeSubject(make);
    const { service, adapter } = subject;
    const info = await service.save(bytes);
    await adapter.put(contentKey(info.checksum), sampleBytes(which === 'shorter' ? 39_999 : 40_001));
    expect(await service.saveWithReceipt(stream())).toMatchObject({ isDuplicate: false });
    await service.verify(info);
  });

  test.skipIf(name.includes('without checksums'))('another object of the same size is replaced', async () => {
    await using subject = await makeSubject(make);
    const { service, adapter } = subject;
    const info = await service.save(bytes);
    await adapter.put(contentKey(info.checksum), sampleBytes(40_000, 2));
    expect(await service.saveWithReceipt(stream())).toMatchObject({ isDuplicate: false });
    await service.verify(info);
  });

  test('an object whose bytes are lost is replaced; any other failure of looking is passed on', async () => {
    let code: 'corrupt' | 'unavailable' | undefined;
    await using subject = await makeSubject(make, (adapter) =>
      overriding(adapter, {
        head: async (...parameters) => {
          if (code !== undefined)
            throw new StorageError({ code, operation: 'head', backend: adapter.backend });
          return adapter.head(...parameters);
        },
      }),
    );
    const info = await subject.service.save(bytes);
    code = 'corrupt';
    expect(await subject.service.saveWithReceipt(stream())).toMatchObject({ isDuplicate: false });
    code = 'unavailable';
    await expectCode(subject.service.save(stream()), 'unavailable');
    code = undefined;
    await subject.service.verify(info);
    expect(await subject.spool.names()).toEqual([]);
  });

  test('the digest is told once, before the object can be seen, and a refusal leaves nothing', async () => {
    await using subject = await makeSubject(make);
    const { service, adapter } = subject;
    const told: string[] = [];
    const onDigest = async (digest: string): Promise<void> => {
      told.push(digest);
      expect(await keysIn(adapter)).toEqual([]);
      if (told.length === 1)
        throw new StorageError({ code: 'locked', operation: 'lease', backend: 'database' });
    };
    await expectCode(service.save(stream(), { onDigest }), 'locked');
    expect(await keysIn(adapter)).toEqual([]);
    expect(await subject.spool.names()).toEqual([]);
    const info = await service.save(stream(), { onDigest });
    expect(told).toEqual([info.checksum, info.checksum]);
  });

  test('twenty savers of the same bytes at once leave one whole object', async () => {
    await using subject = await makeSubject(make);
    const { service } = subject;
    const infos = await Promise.all(Array.from({ length: 20 }, () => service.save(stream())));
    expect(new Set(infos.map((info) => JSON.stringify(info))).size).toBe(1);
    expect(await keysIn(subject.adapter)).toHaveLength(1);
    await service.verify(infos[0] as (typeof infos)[0]);
  });
});

describe('a backend that must know the key first', () => {
  test('is sent nothing when the object is there, and is told the digest otherwise', async () => {
    const adapter = new MemoryStorageAdapter();
    const put = vi.fn<StorageAdapter['put']>((...parameters) => adapter.put(...parameters));
    await using subject = await makeSubject(() => overriding(hashedFirst(adapter), { put }));
    const info = await subject.service.save(stream());
    await subject.service.save(stream());
    expect(put).toHaveBeenCalledTimes(1);
    expect(put.mock.calls[0]?.[2]).toMatchObject({ checksum: info.checksum, sizeBytes: 40_000 });
  });

  test('is not sent a source that changed since it was hashed', async () => {
    await using subject = await makeSubject(() => hashedFirst(new MemoryStorageAdapter()));
    let readings = 0;
    const open = (): AsyncIterable<Uint8Array> => lending(sampleBytes(100, ++readings), [10]);
    await expectCode(subject.service.save({ sizeBytes: 100, open }), 'checksum-mismatch');
    expect(await keysIn(subject.adapter)).toEqual([]);
  });

  test('says so when the spool folder cannot be written to', async () => {
    await using subject = await makeSubject(() => hashedFirst(new MemoryStorageAdapter()));
    const spoolFolder = subject.spool.join('missing');
    const service = new StorageService({ adapters: { main: subject.adapter }, spoolFolder });
    const error = await expectCode(service.save(stream()), 'invalid-configuration');
    expect(error.message).toContain(spoolFolder);
    expect((await service.saveWithReceipt(bytes)).isDuplicate).toBe(false);
  });
});

describe('a key of the caller’s own', () => {
  const makes = {
    'one pass': () => new MemoryStorageAdapter(),
    'without checksums': () => withoutChecksums(hashedFirst(new MemoryStorageAdapter())),
  };

  test.each(Object.entries(makes))(
    'is replaced by the next save and never deduplicated (%s)',
    async (_name, make) => {
      await using subject = await makeSubject(make);
      const { service } = subject;
      const content = await service.save(bytes);
      for (const source of [bytes, stream()]) {
        const named = await service.saveWithReceipt(source, { key: 'results/latest' });
        expect(named).toMatchObject({
          isDuplicate: false,
          info: { storagePath: 'results/latest', checksum: content.checksum },
        });
      }
      const other = await service.save(sampleBytes(7), { key: 'results/latest' });
      expect(Buffer.compare(await service.load(other), sampleBytes(7))).toBe(0);
      expect(await keysIn(subject.adapter)).toEqual([content.storagePath, 'results/latest']);
    },
  );

  test('has the digest of the last reading when the backend reads twice', async () => {
    const memory = withoutChecksums(new MemoryStorageAdapter());
    const adapter = overriding(memory, {
      put: async (key, body, options) => {
        if (!('open' in body)) throw new Error('a source that can be sent again is meant');
        const reading = body.open()[Symbol.asyncIterator]();
        await reading.next();
        await reading.return?.();
        return memory.put(key, body, options);
      },
    });
    await using subject = await makeSubject(() => adapter);
    const info = await subject.service.save(bytes, { key: 'twice' });
    expect(Buffer.compare(await subject.service.load(info), bytes)).toBe(0);
  });

  test('that cannot be is refused before anything is read', async () => {
    await using subject = await makeSubject(() => new MemoryStorageAdapter());
    const source = vi.fn<() => AsyncIterable<Uint8Array>>();
    await expect(subject.service.save({ sizeBytes: 1, open: source }, { key: '../x' })).rejects.toThrow(
      /segment/,
    );
    expect(source).not.toHaveBeenCalled();
    expect(await subject.adapter.head('x' as ObjectKey)).toBeUndefined();
  });
});
