import { type ObjectInfo, type StorageAdapter, StorageError, type StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import type { CaseContext } from './case-context.ts';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { objectKey, putSample } from './put-sample.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('raced');
const contenders = 20;

/** Somebody always wins, so that fifty increments need no more than fifty attempts each. */
export const mostAttempts = 1_000;

/** Conditions that several want at once: the backend decides, once. */
export const raceCases: readonly StorageCase[] = inGroup('concurrency', [
  {
    name: 'counts to fifty with five workers of ten increments each',
    needs: ['createIfAbsent', 'replaceIfMatch'],
    run: async ({ adapter, open }) => {
      const handles = [adapter, await open()];
      await adapter.put(key, Buffer.from('0'), { mode: 'create' });
      const work = async (worker: number): Promise<void> => {
        for (let step = 0; step < 10; step++) await increment(handles[worker % 2] ?? adapter);
      };
      await Promise.all([0, 1, 2, 3, 4].map(work));
      expect((await readObject(adapter, key)).bytes.toString()).toBe('50');
    },
  },
  {
    name: 'lets one of many creators win',
    needs: ['createIfAbsent'],
    run: (context) =>
      expectOneWinner(context, 'already-exists', (handle, seed) =>
        handle.put(key, sampleBytes(100, seed), { mode: 'create' }),
      ),
  },
  {
    name: 'lets one of many replacers of one state win',
    needs: ['replaceIfMatch'],
    run: async (context) => {
      const { etag } = await putSample(context.adapter, key);
      await expectOneWinner(context, 'precondition-failed', (handle, seed) =>
        handle.put(key, sampleBytes(100, seed), { mode: { ifMatch: etag } }),
      );
    },
  },
  {
    name: 'lets one of many deleters of one state win',
    needs: ['deleteIfMatch'],
    run: async ({ adapter, open }) => {
      const handles = [adapter, await open()];
      const { etag } = await putSample(adapter, key);
      const results = await Promise.all(
        Array.from({ length: contenders }, (_, index) =>
          (handles[index % 2] ?? adapter).delete([{ key, ifMatch: etag }]),
        ),
      );
      const outcomes = results.flat().map((result) => ('outcome' in result ? result.outcome : result.error));
      expect(outcomes.filter((outcome) => outcome === 'deleted')).toHaveLength(1);
      for (const outcome of outcomes.filter((one) => typeof one !== 'string')) {
        expect(StorageError.isInstance(outcome, 'precondition-failed'), String(outcome)).toBe(true);
      }
      await expectAbsent(adapter, key);
    },
  },
  {
    name: 'decides a condition when the object is written, not before',
    needs: ['replaceIfMatch'],
    run: async ({ adapter, open, borderSizesBytes }) => {
      const other = await open();
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes]) {
        const { etag } = await putSample(adapter, key);
        const source = new GatedSource(sampleBytes(sizeBytes + 1));
        const put = expectFailure(
          adapter.put(key, source, { mode: { ifMatch: etag } }),
          'precondition-failed',
          {
            adapter,
            operation: 'put',
            key,
          },
        );
        await source.paused;
        await other.put(key, sampleBytes(7));
        source.resume();
        await put;
        await expectObject(adapter, key, sampleBytes(7));
      }
    },
  },
  {
    name: 'decides whether it creates when the object is written, not before',
    needs: ['createIfAbsent'],
    run: async ({ adapter, open, borderSizesBytes }) => {
      const other = await open();
      for (const sizeBytes of [10, 300_000, ...borderSizesBytes]) {
        const source = new GatedSource(sampleBytes(sizeBytes + 1));
        const failed = { adapter, operation: 'put', key };
        const put = expectFailure(adapter.put(key, source, { mode: 'create' }), 'already-exists', failed);
        await source.paused;
        await other.put(key, sampleBytes(7));
        source.resume();
        await put;
        await expectObject(adapter, key, sampleBytes(7));
        await other.delete([{ key }]);
      }
    },
  },
]);

async function increment(handle: StorageAdapter): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const { bytes, info } = await readObject(handle, key);
    const next = Buffer.from(String(Number(bytes.toString()) + 1));
    try {
      await handle.put(key, next, { mode: { ifMatch: info.etag } });
      return;
    } catch (error) {
      if (!StorageError.isInstance(error, 'precondition-failed')) throw error;
    }
  }
  expect.fail(`no increment went through in ${mostAttempts} attempts`);
}

async function expectOneWinner(
  { adapter, open }: CaseContext,
  code: StorageErrorCode,
  attempt: (handle: StorageAdapter, seed: number) => Promise<ObjectInfo>,
): Promise<void> {
  const handles = [adapter, await open()];
  const work = Array.from({ length: contenders }, (_, seed) => attempt(handles[seed % 2] ?? adapter, seed));
  const results = await Promise.allSettled(work);
  const winners = results.flatMap((result, seed) =>
    result.status === 'fulfilled' ? [{ seed, info: result.value }] : [],
  );
  expect(winners).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected')
      expect(StorageError.isInstance(result.reason, code), String(result.reason)).toBe(true);
  }
  for (const { seed, info } of winners) {
    expect(await expectObject(adapter, key, sampleBytes(100, seed))).toEqual(info);
  }
}
