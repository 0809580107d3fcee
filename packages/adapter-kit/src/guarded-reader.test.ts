import { parseObjectKey } from '@holdfast/domain';
import { type ObjectReader, StorageError, untilCancelled } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { GuardedReader, type ReaderGuard } from './guarded-reader.ts';

const context = { operation: 'get', backend: 'memory', key: 'k' } as const;
const info = {
  key: parseObjectKey('k'),
  sizeBytes: 4,
  etag: 'e',
  metadata: {},
  lastModified: '2026-01-01T00:00:00.000Z',
};

function guard(signal?: AbortSignal): ReaderGuard {
  return {
    watch: (chunks) => untilCancelled(chunks, signal, context),
    toStorageError: (cause) =>
      StorageError.isInstance(cause) ? cause : new StorageError({ ...context, code: 'unavailable', cause }),
  };
}

function readerOf(body: AsyncIterable<Uint8Array>, log: string[] = []): ObjectReader {
  const dispose = async (): Promise<void> => void log.push('disposed');
  return { info, range: { offset: 1, length: 2 }, body, [Symbol.asyncDispose]: dispose };
}

describe('GuardedReader', () => {
  test('tells and gives what the driver does, and is disposed with it', async () => {
    const log: string[] = [];
    const reader = new GuardedReader(readerOf(chunksOf([1], [2]), log), guard());
    expect(reader).toMatchObject({ info, range: { offset: 1, length: 2 } });
    const given: number[] = [];
    for await (const chunk of reader.body) given.push(...chunk);
    await reader[Symbol.asyncDispose]();
    expect({ given, log }).toEqual({ given: [1, 2], log: ['disposed'] });
  });

  test('translates what the body fails with', async () => {
    const failure = new Error('socket closed');
    const broken = (async function* () {
      yield Uint8Array.of(1);
      throw failure;
    })();
    const chunks = new GuardedReader(readerOf(broken), guard()).body[Symbol.asyncIterator]();
    expect((await chunks.next()).done).toBe(false);
    await expect(chunks.next()).rejects.toMatchObject({
      code: 'unavailable',
      operation: 'get',
      key: 'k',
      cause: failure,
    });
  });

  test('stops while a silent body is waited for', async () => {
    const controller = new AbortController();
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const chunks = new GuardedReader(readerOf(silent), guard(controller.signal)).body[Symbol.asyncIterator]();
    const waiting = chunks.next();
    setImmediate(() => controller.abort());
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled', key: 'k' });
  });

  test('gives bytes in one piece where the driver does', async () => {
    const driver = { ...readerOf(chunksOf()), bytes: async () => Uint8Array.of(3, 4) };
    expect(await new GuardedReader(driver, guard()).bytes?.()).toEqual(Uint8Array.of(3, 4));
    expect(new GuardedReader(readerOf(chunksOf()), guard()).bytes).toBeUndefined();
  });

  test('translates what reading in one piece fails with, and stops waiting for it', async () => {
    const failure = new Error('disk gone');
    const failing = { ...readerOf(chunksOf()), bytes: () => Promise.reject(failure) };
    await expect(new GuardedReader(failing, guard()).bytes?.()).rejects.toMatchObject({
      code: 'unavailable',
      cause: failure,
    });
    const controller = new AbortController();
    const silent = { ...readerOf(chunksOf()), bytes: () => new Promise<Uint8Array>(() => undefined) };
    const waiting = new GuardedReader(silent, guard(controller.signal)).bytes?.();
    setImmediate(() => controller.abort());
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled', key: 'k' });
  });

  test('leaves the driver’s body when its reader leaves', async () => {
    const log: string[] = [];
    const watched = (async function* () {
      try {
        yield* chunksOf([1], [2]);
      } finally {
        log.push('left');
      }
    })();
    for await (const chunk of new GuardedReader(readerOf(watched), guard()).body)
      if (chunk.byteLength > 0) break;
    expect(log).toEqual(['left']);
  });
});

async function* chunksOf(...chunks: readonly (readonly number[])[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Uint8Array.from(chunk);
}
