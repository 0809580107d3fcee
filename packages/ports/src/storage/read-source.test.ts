import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { ByteSource } from './byte-source.ts';
import { isReopenable, knownSizeBytes, readSource } from './read-source.ts';

const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => index % 251);
const reopenable = {
  open: () => Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]),
  sizeBytes: bytes.byteLength,
};
const webStream = (): ReadableStream<Uint8Array> =>
  ReadableStream.from<Uint8Array>([bytes.subarray(0, 99), bytes.subarray(99)]);

const forms: readonly (readonly [string, () => ByteSource, number | undefined])[] = [
  ['bytes', () => bytes, 5_000],
  ['a Buffer', () => Buffer.from(bytes), 5_000],
  ['a re-openable source', () => reopenable, 5_000],
  ['a re-openable source of web streams', () => ({ open: webStream, sizeBytes: 5_000 }), 5_000],
  ['a web stream', webStream, undefined],
  ['a Node stream', () => Readable.from([bytes]), undefined],
  [
    'an async iterable',
    async function* () {
      yield bytes;
    },
    undefined,
  ],
];

describe('readSource', () => {
  test.each(forms)('reads %s', async (_name, form, sizeBytes) => {
    expect(await collect(form())).toEqual(Buffer.from(bytes));
    expect(isReopenable(form())).toBe(sizeBytes !== undefined);
    expect(knownSizeBytes(form())).toBe(sizeBytes);
  });

  test('reads a file stream, whose method "open" makes it no re-openable source', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-ports-'));
    const path = join(folder, 'bytes');
    await writeFile(path, bytes);
    const stream = createReadStream(path);
    expect('open' in stream).toBe(true);
    expect(isReopenable(stream)).toBe(false);
    expect(knownSizeBytes(stream)).toBeUndefined();
    expect(await collect(stream)).toEqual(Buffer.from(bytes));
    await rm(folder, { recursive: true });
  });

  test('hands large arrays on in pieces', async () => {
    const large = new Uint8Array(3 * 1_048_576 + 1);
    const lengths: number[] = [];
    for await (const chunk of readSource(large)) lengths.push(chunk.byteLength);
    expect(lengths).toEqual([1_048_576, 1_048_576, 1_048_576, 1]);
    expect(await collect(new Uint8Array(0))).toEqual(Buffer.alloc(0));
  });

  test('cancels a web stream at once, also while a chunk is waited for', async () => {
    let reason: unknown = 'not cancelled';
    const silent = new ReadableStream<Uint8Array>({
      cancel: (given) => {
        reason = given;
      },
    });
    const iterator = readSource(silent)[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(reason).toBeUndefined();
    expect((await waiting).done).toBe(true);
  });

  test('destroys a Node stream at once, also while a chunk is waited for', async () => {
    const silent = new PassThrough();
    const iterator = readSource(silent)[Symbol.asyncIterator]();
    const waiting = iterator.next().catch((error: unknown) => error);
    await iterator.return?.();
    expect(silent.destroyed).toBe(true);
    await waiting;
  });

  test('passes on what a stream fails with', async () => {
    const failure = new Error('broken');
    const web = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(failure) });
    await expect(collect(web)).rejects.toBe(failure);
    const node = new PassThrough();
    node.destroy(failure);
    await expect(collect(node)).rejects.toBe(failure);
  });
});

async function collect(source: ByteSource): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readSource(source)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
