import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { contentKey, contentPrefix } from '@holdfast/domain';
import { TemporaryFolder } from '@holdfast/tooling-services';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather } from './support/expect-code.ts';
import { type SourceForm, sampleBytes, sourceForms } from './support/sources.ts';
import { keysIn, makeSubject, storageSubjects } from './support/storage-subjects.ts';

const forms = Object.keys(sourceForms) as SourceForm[];
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.integer({ min: 1, max: 100_000 }).map((length) => sampleBytes(length, length)),
);
const anyLengths = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });

describe.each(Object.entries(storageSubjects))('%s', (_name, make) => {
  test('any bytes in any form and any chunks come back by every way of reading, and are stored once', async () => {
    await using subject = await makeSubject(make);
    const { service, spool } = subject;
    await fc.assert(
      fc.asyncProperty(anyBytes, anyLengths, fc.constantFrom(...forms), async (bytes, lengths, form) => {
        await using folder = await TemporaryFolder.make();
        const sourceOf = async () => sourceForms[form](bytes, lengths, folder);
        const info = await service.save(await sourceOf(), { format: 'binary' });
        const checksum = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
        expect(info).toMatchObject({
          checksum,
          sizeBytes: bytes.byteLength,
          storeName: 'main',
          format: 'binary',
        });
        expect(info.storagePath).toBe(contentKey(info.checksum));

        expect(Buffer.compare(await service.load(info), bytes)).toBe(0);
        expect(Buffer.compare(await gather(service.read(info)), bytes)).toBe(0);
        expect(Buffer.compare(await gather(service.loadStream(info)), bytes)).toBe(0);
        const path = folder.join('loaded');
        await service.loadToFile(info, path);
        expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
        await service.verify(info);

        expect(await service.saveWithReceipt(await sourceOf(), { format: 'binary' })).toEqual({
          info,
          isDuplicate: true,
        });
        expect(await spool.names()).toEqual([]);
      }),
      { numRuns: 30 },
    );
    const keys = await keysIn(subject.adapter);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => key.startsWith(contentPrefix))).toBe(true);
  });

  test('any range is that part of the bytes', async () => {
    await using subject = await makeSubject(make);
    const { service } = subject;
    const bytes = sampleBytes(50_000);
    const info = await service.save(bytes, { format: 'binary' });
    const offsets = fc.integer({ min: 0, max: bytes.byteLength - 1 });
    await fc.assert(
      fc.asyncProperty(offsets, fc.integer({ min: 0, max: 60_000 }), async (offset, length) => {
        const part = bytes.subarray(offset, offset + length);
        expect(Buffer.compare(await service.loadRange(info, { offset, length }), part)).toBe(0);
        expect(Buffer.compare(await service.rangeSource(info).read(offset, length), part)).toBe(0);
        expect(Buffer.compare(await service.loadRange(info, { offset }), bytes.subarray(offset))).toBe(0);
        const suffix = length;
        expect(
          Buffer.compare(
            await service.loadRange(info, { suffix }),
            bytes.subarray(Math.max(0, 50_000 - suffix)),
          ),
        ).toBe(0);
      }),
      { numRuns: 20 },
    );
    const { sizeBytes } = service.rangeSource(info);
    expect(sizeBytes).toBe(bytes.byteLength);
    expect(await service.rangeSource(info).read(sizeBytes, 10)).toHaveLength(0);
    expect(await service.rangeSource(info).read(sizeBytes - 3, 10)).toHaveLength(3);
  });

  test('what was loaded and what was saved have memory of their own', async () => {
    await using subject = await makeSubject(make);
    const { service } = subject;
    const bytes = sampleBytes(3_000_000);
    const given = Uint8Array.from(bytes);
    const info = await service.save(given, { format: 'binary' });
    given.fill(0);
    const [first, second] = [await service.load(info), await service.load(info)];
    first.fill(0);
    expect(Buffer.compare(second, bytes)).toBe(0);
    const chunks: Uint8Array[] = [];
    for await (const chunk of service.loadStream(info)) chunks.push(chunk);
    expect(Buffer.compare(Buffer.concat(chunks), bytes)).toBe(0);
  });

  test('an object is known, listed, and deleted once', async () => {
    await using subject = await makeSubject(make);
    const { service } = subject;
    const info = await service.save(sampleBytes(10), {
      format: 'binary',
      contentType: 'text/x',
      metadata: { a: 'b' },
    });
    expect(info.contentType).toBe('text/x');
    expect(await service.exists(info)).toBe(true);
    expect(await service.getMetadata(info)).toMatchObject({
      key: info.storagePath,
      sizeBytes: 10,
      metadata: { a: 'b' },
    });
    const listed = [];
    for await (const object of service.listObjects('objects/')) listed.push(object.key);
    for await (const object of service.listObjects('other/', { store: 'main' })) listed.push(object.key);
    expect(listed).toEqual([info.storagePath]);
    expect(await service.delete(info)).toBe(true);
    expect(await service.delete(info)).toBe(false);
    expect(await service.exists(info)).toBe(false);
    expect(await service.getMetadata(info)).toBeUndefined();
  });
});
