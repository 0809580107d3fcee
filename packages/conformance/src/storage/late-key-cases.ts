import type { Digest } from '@holdfast/domain';
import { expect } from 'vitest';
import { borderSizes } from './border-sizes.ts';
import { cancellationLimitMs } from './cancellation-cases.ts';
import { digestOf } from './digest-of.ts';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';
import { within } from './within.ts';

const key = objectKey('late/one');
const bytes = sampleBytes(50_000);

/** Keys that are known when the bytes are. All need `lateKey`. */
export const lateKeyCases: readonly StorageCase[] = inGroup('late keys', [
  {
    name: 'asks for the key once, with the digest and the size',
    needs: ['lateKey'],
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of borderSizes(borderSizesBytes)) {
        const content = sampleBytes(sizeBytes, 7);
        for (const source of [content, lendingSource(content, 30_000)]) {
          const asked: (readonly [Digest, number])[] = [];
          const late = objectKey(`late/${sizeBytes}`);
          const info = await adapter.put((digest, size) => (asked.push([digest, size]), late), source);
          expect(asked).toEqual([[digestOf(content), sizeBytes]]);
          expect(info).toMatchObject({ key: late, sizeBytes });
          expect(await expectObject(adapter, late, content)).toEqual(info);
        }
      }
    },
  },
  {
    name: 'shows nothing before the key is known',
    needs: ['lateKey'],
    run: async ({ adapter }) => {
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<typeof key>();
      const put = adapter.put(() => (asked.resolve(), answer.promise), bytes);
      await asked.promise;
      expect(await listKeys(adapter)).toEqual([]);
      await expectAbsent(adapter, key);
      answer.resolve(key);
      await put;
      await expectObject(adapter, key, bytes);
    },
  },
  {
    name: 'keeps options under a late key',
    needs: ['lateKey', 'userMetadata', 'contentType'],
    run: async ({ adapter }) => {
      const options = { metadata: { a: '1' }, contentType: 'application/x-late', checksum: digestOf(bytes) };
      await adapter.put(() => key, bytes, options);
      const head = await adapter.head(key);
      expect(head?.metadata).toEqual(options.metadata);
      expect(head?.contentType).toBe(options.contentType);
    },
  },
  {
    name: 'creates under a late key only when nothing is there',
    needs: ['lateKey', 'createIfAbsent'],
    run: async ({ adapter }) => {
      await adapter.put(() => key, bytes, { mode: 'create' });
      const again = adapter.put(() => key, sampleBytes(10), { mode: 'create' });
      await expectFailure(again, 'already-exists', { adapter, operation: 'put', key });
      await expectObject(adapter, key, bytes);
    },
  },
  {
    name: 'replaces under a late key only the given state',
    needs: ['lateKey', 'replaceIfMatch'],
    run: async ({ adapter }) => {
      const stale = await putSample(adapter, key);
      const fresh = await adapter.put(() => key, bytes, { mode: { ifMatch: stale.etag } });
      for (const [late, etag] of [
        [key, stale.etag],
        [objectKey('late/missing'), fresh.etag],
      ] as const) {
        const refused = adapter.put(() => late, sampleBytes(10), { mode: { ifMatch: etag } });
        await expectFailure(refused, 'precondition-failed', { adapter, operation: 'put', key: late });
      }
      await expectObject(adapter, key, bytes);
      expect(await listKeys(adapter)).toEqual([key]);
    },
  },
  {
    name: 'writes nothing when the bytes are not those announced',
    needs: ['lateKey'],
    run: async ({ adapter }) => {
      const failed = { adapter, operation: 'put' };
      const wrongChecksum = adapter.put(() => key, bytes, { checksum: digestOf(sampleBytes(1)) });
      await expectFailure(wrongChecksum, 'checksum-mismatch', failed);
      await expectFailure(
        adapter.put(() => key, bytes, { sizeBytes: 1 }),
        'size-mismatch',
        failed,
      );
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'writes nothing when the key cannot be told',
    needs: ['lateKey'],
    run: async ({ adapter }) => {
      const failure = new Error('no key for these bytes');
      for (const late of [
        () => Promise.reject(failure),
        (): never => {
          throw failure;
        },
      ]) {
        const error = await expectFailure(adapter.put(late, bytes), 'unexpected', {
          adapter,
          operation: 'put',
        });
        expect(error.cause).toBe(failure);
      }
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'can be cancelled while the key is awaited',
    needs: ['lateKey'],
    run: async ({ adapter }) => {
      const controller = new AbortController();
      const asked = Promise.withResolvers<void>();
      const never = new Promise<typeof key>(() => undefined);
      const put = adapter.put(() => (asked.resolve(), never), bytes, { signal: controller.signal });
      await asked.promise;
      controller.abort();
      await within(cancellationLimitMs, expectFailure(put, 'cancelled', { adapter, operation: 'put' }));
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
]);
