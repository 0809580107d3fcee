import type { ByteSource, ObjectInfo, PutOptions, StorageErrorCode } from '@holdfast/ports';
import { StorageError } from '@holdfast/ports';
import { expect } from 'vitest';
import type { CaseContext } from './case-context.ts';
import { digestOf } from './digest-of.ts';
import { expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys } from './list-objects.ts';
import { objectKey } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';
import { within } from './within.ts';

const present = objectKey('present');
const absent = objectKey('absent');
/** How long it may take to see that a source gave too much. */
const patienceMs = 5_000;
const oldBytes = sampleBytes(50_000, 99);

/** Puts that fail: each leaves the old object, and makes no new one. */
export const refusedWriteCases: readonly StorageCase[] = inGroup('write', [
  {
    name: 'refuses a wrong size, and keeps the old object',
    run: (context) =>
      expectRefused(context, 'size-mismatch', async (put, bytes) => {
        for (const sizeBytes of [bytes.byteLength - 1, bytes.byteLength + 1, bytes.byteLength * 2]) {
          await put(bytes, { sizeBytes });
          await put(lendingSource(bytes, 5_000), { sizeBytes });
        }
      }),
  },
  {
    name: 'refuses a wrong checksum, and keeps the old object',
    run: (context) =>
      expectRefused(context, 'checksum-mismatch', async (put, bytes) => {
        const checksum = digestOf(oldBytes);
        await put(bytes, { checksum });
        await put(lendingSource(bytes, 5_000), { checksum });
        await put(bytes, { checksum, sizeBytes: bytes.byteLength });
      }),
  },
  {
    name: 'accepts the right size and checksum',
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of failingSizes(borderSizesBytes)) {
        const bytes = sampleBytes(sizeBytes);
        const checksum = digestOf(bytes);
        await adapter.put(present, bytes, { sizeBytes, checksum });
        await adapter.put(present, lendingSource(bytes), { sizeBytes, checksum });
        await adapter.put(present, lendingSource(bytes), { checksum });
        const info = await expectObject(adapter, present, bytes);
        expect([checksum, undefined]).toContain(info.checksum);
      }
    },
  },
  {
    name: 'keeps the old object when the source throws half way',
    run: (context) =>
      expectRefused(context, 'unexpected', async (put, bytes) => {
        const failure = new Error('the source broke');
        const source = new GatedSource(bytes);
        const error = put(source, {});
        await source.paused;
        source.fail(failure);
        expect(causesOf(await error)).toContain(failure);
      }),
  },
  {
    name: 'keeps the old object when the source throws at once',
    run: (context) =>
      expectRefused(context, 'unexpected', async (put) => {
        const failure = new Error('the source never began');
        const source: AsyncIterable<Uint8Array> = {
          [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }),
        };
        expect(causesOf(await put(source, {}))).toContain(failure);
      }),
  },
  {
    name: 'passes on a StorageError of the source',
    run: async ({ adapter }) => {
      const failure = new StorageError({ code: 'rate-limited', operation: 'get', backend: 'x-elsewhere' });
      const source = new GatedSource(sampleBytes(10));
      source.fail(failure);
      const error: unknown = await adapter.put(absent, source).catch((reason: unknown) => reason);
      expect(causesOf(error)).toContain(failure);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'refuses chunks that are no bytes',
    run: (context) =>
      expectRefused(context, 'invalid-argument', async (put) => {
        const texts = ReadableStream.from(['text', 'more']) as ReadableStream<unknown>;
        await put(texts as ReadableStream<Uint8Array>, {});
      }),
  },
  {
    name: 'closes a source that it stops reading',
    run: async ({ adapter }) => {
      const source = new GatedSource(sampleBytes(100_000));
      const put = adapter.put(absent, source, { sizeBytes: 5 });
      await within(
        patienceMs,
        expectFailure(put, 'size-mismatch', { adapter, operation: 'put', key: absent }),
      );
      expect(source.wasLeft).toBe(true);
    },
  },
  {
    name: 'refuses an object that is larger than it takes, before reading it',
    run: async ({ adapter, capabilities }) => {
      if (capabilities.maximumSizeBytes >= Number.MAX_SAFE_INTEGER) return;
      const source = {
        open: () => expect.fail('the source was read'),
        sizeBytes: capabilities.maximumSizeBytes + 1,
      };
      await expectFailure(adapter.put(absent, source), 'invalid-argument', {
        adapter,
        operation: 'put',
        key: absent,
      });
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
]);

type Put = (body: ByteSource, options: PutOptions) => Promise<StorageError>;

/** Fails a put beside an old object and one where none is, with sizes around the borders. */
async function expectRefused(
  context: CaseContext,
  code: StorageErrorCode,
  attempt: (put: Put, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { adapter, borderSizesBytes } = context;
  const old: ObjectInfo = await adapter.put(present, oldBytes);
  for (const sizeBytes of failingSizes(borderSizesBytes)) {
    for (const key of [present, absent]) {
      const put: Put = (body, options) =>
        expectFailure(adapter.put(key, body, options), code, { adapter, operation: 'put', key });
      await attempt(put, sampleBytes(sizeBytes));
    }
  }
  expect(await listKeys(adapter)).toEqual([present]);
  expect(await expectObject(adapter, present, oldBytes)).toEqual(old);
}

function failingSizes(borderSizesBytes: readonly number[]): readonly number[] {
  return [10, 20_000, 300_000, ...borderSizesBytes.map((border) => border + 1)];
}

function causesOf(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [error];
}
