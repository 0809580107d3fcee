import type { ObjectKey } from '@holdfast/domain';
import type { Cancellable, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { listKeys } from './list-objects.ts';
import { objectKey, putSample, putSamples } from './put-sample.ts';
import { collectBytes, openObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, type UngroupedStorageCase, inGroup } from './storage-case.ts';
import { within } from './within.ts';

/** How soon a cancelled operation has to end. */
export const cancellationLimitMs = 1_000;

const present = objectKey('present');
const absent = objectKey('absent');
const bytes = sampleBytes(1_000);

type Attempt = (adapter: StorageAdapter, options: Cancellable) => Promise<unknown>;

const attempts: Readonly<Record<string, Attempt>> = {
  put: (adapter, options) => adapter.put(present, bytes, options),
  get: (adapter, options) => adapter.get(present, options),
  head: (adapter, options) => adapter.head(present, options),
  delete: (adapter, options) => adapter.delete([{ key: present }], options),
  copy: (adapter, options) => adapter.copy(present, absent, options),
  list: (adapter, options) => listKeys(adapter, options),
  check: (adapter, options) => adapter.check({ ...options, write: true }),
};

export const cancellationCases: readonly StorageCase[] = inGroup('cancellation', [
  ...Object.entries(attempts).map(([operation, attempt]): UngroupedStorageCase => ({
    name: `does nothing when its signal was aborted before: ${operation}`,
    run: async ({ adapter }) => {
      const old = await putSample(adapter, present);
      const signal = AbortSignal.abort(new Error('enough'));
      await expectFailure(attempt(adapter, { signal }), 'cancelled', { adapter, operation });
      expect(await listKeys(adapter)).toEqual([present]);
      expect(await adapter.head(present)).toEqual(old);
    },
  })),
  {
    name: 'stops a put whose source is silent, and keeps the old object',
    run: async ({ adapter, borderSizesBytes }) => {
      const old = await putSample(adapter, present);
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes]) {
        for (const key of [present, absent]) await expectStopped(adapter, key, sampleBytes(sizeBytes + 1));
      }
      expect(await listKeys(adapter)).toEqual([present]);
      expect(await expectObject(adapter, present, Buffer.from(present))).toEqual(old);
    },
  },
  {
    name: 'can write a key again after a cancelled put',
    run: async ({ adapter }) => {
      await expectStopped(adapter, absent, sampleBytes(300_000));
      await adapter.put(absent, bytes, adapter.capabilities.createIfAbsent ? { mode: 'create' } : {});
      await expectObject(adapter, absent, bytes);
    },
  },
  {
    name: 'ignores a signal that is aborted after the end',
    run: async ({ adapter }) => {
      const controller = new AbortController();
      await adapter.put(present, bytes, { signal: controller.signal });
      controller.abort();
      await expectObject(adapter, present, bytes);
    },
  },
  {
    name: 'stops reading half way',
    run: async ({ adapter }) => {
      await adapter.put(present, sampleBytes(24 * 1_048_576));
      const controller = new AbortController();
      const reader = await openObject(adapter, present, { signal: controller.signal });
      const chunks = reader.body[Symbol.asyncIterator]();
      await chunks.next();
      controller.abort();
      const rest = collectBytes({ [Symbol.asyncIterator]: () => chunks });
      const failed = { adapter, operation: 'get', key: present };
      await within(cancellationLimitMs, expectFailure(rest, 'cancelled', failed));
      await reader[Symbol.asyncDispose]();
    },
  },
  {
    name: 'stops listing between pages',
    run: async ({ adapter }) => {
      await putSamples(adapter, ['a', 'b', 'c']);
      const controller = new AbortController();
      const listing = async (): Promise<void> => {
        for await (const page of adapter.list({ pageSize: 1, signal: controller.signal })) {
          expect(page.objects).toHaveLength(1);
          controller.abort();
        }
      };
      await within(
        cancellationLimitMs,
        expectFailure(listing(), 'cancelled', { adapter, operation: 'list' }),
      );
    },
  },
]);

async function expectStopped(adapter: StorageAdapter, key: ObjectKey, first: Uint8Array): Promise<void> {
  const controller = new AbortController();
  const source = new GatedSource(first);
  const reason = new Error('enough');
  const put = expectFailure(adapter.put(key, source, { signal: controller.signal }), 'cancelled', {
    adapter,
    operation: 'put',
    key,
  });
  await Promise.race([source.paused, put]);
  controller.abort(reason);
  const error = await within(cancellationLimitMs, put);
  expect(error.cause, 'the cause is what the signal was aborted with').toBe(reason);
  expect(source.wasLeft, 'the source is closed').toBe(true);
}
