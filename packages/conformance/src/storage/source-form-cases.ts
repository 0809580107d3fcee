import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ByteSource } from '@holdfast/ports';
import { expectBytes, expectObject } from './expect-bytes.ts';
import { lendingSource } from './lending-source.ts';
import { objectKey } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, type UngroupedStorageCase, inGroup } from './storage-case.ts';

const key = objectKey('formed');
const bytes = sampleBytes(300_000);

const forms: Readonly<Record<string, () => ByteSource>> = {
  bytes: () => bytes,
  'a part of a larger array': () => {
    const larger = new Uint8Array(bytes.byteLength + 200);
    larger.set(bytes, 100);
    return larger.subarray(100, 100 + bytes.byteLength);
  },
  'a Buffer': () => Buffer.from(bytes),
  'an async iterable': () => lendingSource(bytes, 10_000),
  'a web stream': () => ReadableStream.from<Uint8Array>(lendingSource(bytes, 100_000)),
  'a Node stream': () => Readable.from([Buffer.from(bytes.subarray(0, 77)), Buffer.from(bytes.subarray(77))]),
  'a re-openable source': () => ({ open: () => lendingSource(bytes, 30_000), sizeBytes: bytes.byteLength }),
  'a re-openable source of web streams': () => ({
    open: () => ReadableStream.from<Uint8Array>(lendingSource(bytes, 100_000)),
    sizeBytes: bytes.byteLength,
  }),
};

/** Every form of a source, known and unknown length. */
export const sourceFormCases: readonly StorageCase[] = inGroup('write', [
  ...Object.entries(forms).map(([name, form]): UngroupedStorageCase => ({
    name: `takes ${name}`,
    run: async ({ adapter }) => {
      await adapter.put(key, form());
      await expectObject(adapter, key, bytes);
      await adapter.put(key, form(), { sizeBytes: bytes.byteLength });
      await expectObject(adapter, key, bytes);
    },
  })),
  {
    name: 'takes a file stream',
    run: async ({ adapter }) => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-conformance-'));
      try {
        const path = join(folder, 'bytes');
        await writeFile(path, bytes);
        await adapter.put(key, createReadStream(path));
        await expectObject(adapter, key, bytes);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  {
    name: 'takes the body of another object',
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      const copy = objectKey('piped');
      const reader = await adapter.get(key);
      await adapter.put(copy, reader?.body ?? new Uint8Array(0));
      expectBytes((await readObject(adapter, copy)).bytes, bytes);
    },
  },
]);
