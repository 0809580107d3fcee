import { createHash } from 'node:crypto';
import { digestOfHex } from '@holdfast/domain';
import { type ByteSource, type PutOptions, StorageError } from '@holdfast/ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MeteredSource } from './metered-source.ts';

const context = { operation: 'put', backend: 'memory', key: 'k' } as const;
const chunked = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });

describe('MeteredSource', () => {
  test('hands every byte on, and tells size and digest', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, async (chunks) => {
        const whole = Buffer.concat(chunks);
        const { bytes, source } = await read(iterate(chunks));
        expect(bytes.equals(whole)).toBe(true);
        expect(source.finish()).toEqual({ digest: digestOf(whole), sizeBytes: whole.byteLength });
      }),
    );
  });

  test('hashes every chunk once, whether it is told to early, often or never', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, fc.infiniteStream(fc.nat(2)), async (chunks, times) => {
        const source = new MeteredSource(iterate(chunks), {}, context);
        for await (const chunk of source) {
          expect(chunk).toBeInstanceOf(Uint8Array);
          for (let left = times.next().value; left > 0; left--) source.hashLent();
        }
        expect(source.finish().digest).toBe(digestOf(Buffer.concat(chunks)));
      }),
    );
  });

  test('accepts exactly the announced size and digest', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, fc.integer({ min: -3, max: 3 }), async (chunks, difference) => {
        const whole = Buffer.concat(chunks);
        const sizeBytes = Math.max(0, whole.byteLength + difference);
        const work = read(iterate(chunks), { sizeBytes, checksum: digestOf(whole) }).then(({ source }) =>
          source.finish(),
        );
        if (sizeBytes === whole.byteLength) await work;
        else await expect(work).rejects.toMatchObject({ code: 'size-mismatch', key: 'k', operation: 'put' });
      }),
    );
  });

  test('stops at the first byte too many, before handing it on', async () => {
    let given = 0;
    const endless = (async function* () {
      for (;;) {
        given += 10;
        yield new Uint8Array(10);
      }
    })();
    let taken = 0;
    const source = new MeteredSource(endless, { sizeBytes: 25 }, context);
    const work = (async () => {
      for await (const chunk of source) taken += chunk.byteLength;
    })();
    await expect(work).rejects.toThrow(/announced 25 bytes and gave more/);
    expect({ given, taken }).toEqual({ given: 30, taken: 20 });
  });

  test('refuses another digest', async () => {
    const { source } = await read(new Uint8Array(3), { checksum: digestOf(new Uint8Array(4)) });
    expect(() => source.finish()).toThrow(expect.objectContaining({ code: 'checksum-mismatch' }));
  });

  test.each(['text', undefined, null, [1, 2], new ArrayBuffer(3)])('refuses %o as a chunk', async (chunk) => {
    await expect(read(iterate([chunk as unknown as Uint8Array]))).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  test('tells the progress at least every 4 MiB, also of one long chunk', async () => {
    const told: number[] = [];
    const long = new Uint8Array(10 * 1_048_576 + 1);
    const { bytes } = await read(iterate([long]), { onProgress: (taken) => told.push(taken) });
    expect(bytes.byteLength).toBe(long.byteLength);
    expect(told).toEqual([4, 8, 10 + 1 / 1_048_576].map((mebibytes) => mebibytes * 1_048_576));
  });

  test('is cancelled before it begins, between chunks and while it waits', async () => {
    await expect(read(iterate([]), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });

    const between = new AbortController();
    const work = (async () => {
      const twoChunks = iterate([new Uint8Array(1), new Uint8Array(1)]);
      for await (const chunk of new MeteredSource(twoChunks, { signal: between.signal }, context)) {
        expect(chunk.byteLength).toBe(1);
        between.abort(new Error('why'));
      }
    })();
    await expect(work).rejects.toMatchObject({ code: 'cancelled', cause: new Error('why') });

    const waiting = new AbortController();
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const stuck = read(silent, { signal: waiting.signal });
    waiting.abort();
    await expect(stuck).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('does not mind a failure that comes after the cancellation', async () => {
    const controller = new AbortController();
    const late = Promise.withResolvers<IteratorResult<Uint8Array>>();
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => late.promise }),
    };
    const work = read(source, { signal: controller.signal });
    controller.abort();
    await expect(work).rejects.toThrow(StorageError);
    late.reject(new Error('too late to matter'));
    await new Promise(setImmediate);
  });

  test('leaves the source when its reader leaves', async () => {
    let isClosed = false;
    const source = (async function* () {
      try {
        yield new Uint8Array(1);
        yield new Uint8Array(1);
      } finally {
        isClosed = true;
      }
    })();
    for await (const chunk of new MeteredSource(source, {}, context)) if (chunk.byteLength > 0) break;
    expect(isClosed).toBe(true);
  });
});

async function read(
  body: ByteSource,
  options: PutOptions = {},
): Promise<{ bytes: Buffer; source: MeteredSource }> {
  const source = new MeteredSource(body, options, context);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(Uint8Array.from(chunk));
  return { bytes: Buffer.concat(chunks), source };
}

async function* iterate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function digestOf(bytes: Uint8Array): ReturnType<typeof digestOfHex> {
  return digestOfHex(createHash('sha256').update(bytes).digest('hex'));
}
