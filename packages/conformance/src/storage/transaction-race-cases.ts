import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ObjectKey } from '@holdfast/domain';
import {
  type StorageAdapter,
  StorageError,
  type TransactionOperation,
  type WriteMode,
} from '@holdfast/ports';
import { expect } from 'vitest';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { listObjects } from './list-objects.ts';
import { pacedSource } from './paced-source.ts';
import { objectKey, putSample } from './put-sample.ts';
import { mostAttempts } from './race-cases.ts';
import { readObject } from './read-object.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';
import { transact } from './transaction-cases.ts';

const [left, right] = [objectKey('pair/left'), objectKey('pair/right')];

/** Transactions beside others and beside readers, through two handles. */
export const transactionRaceCases: readonly StorageCase[] = inGroup('transactions', [
  {
    name: 'lets one of two transactions over the same keys win, and mixes nothing',
    needs: ['transactions'],
    run: async ({ adapter, open }) => {
      const handles = [adapter, await open()];
      for (let round = 0; round < 20; round++) {
        const [first, second] = [await putSample(adapter, left), await putSample(adapter, right)];
        const results = await Promise.allSettled(
          handles.map((handle, index) => {
            const steps = [
              put(left, index, { ifMatch: first.etag }),
              put(right, index, { ifMatch: second.etag }),
            ];
            return transact(handle, index === 0 ? steps : steps.toReversed());
          }),
        );
        const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
        expect(winners).toHaveLength(1);
        for (const result of results) {
          if (result.status === 'rejected')
            expect(StorageError.isInstance(result.reason, 'precondition-failed'), String(result.reason)).toBe(
              true,
            );
        }
        for (const key of [left, right]) await expectObject(adapter, key, Buffer.from(String(winners[0])));
      }
    },
  },
  {
    name: 'decides conditions when it is committed, not before',
    needs: ['transactions'],
    run: async ({ adapter, open }) => {
      const other = await open();
      const { etag } = await putSample(adapter, left);
      const source = new GatedSource(sampleBytes(300_000));
      const work = transact(adapter, [
        { kind: 'put', key: left, body: Buffer.from('new'), options: { mode: { ifMatch: etag } } },
        { kind: 'put', key: right, body: source },
      ]);
      const failed = expectFailure(work, 'precondition-failed', { adapter, operation: 'transaction' });
      await source.paused;
      await other.put(left, sampleBytes(5));
      source.resume();
      await failed;
      await expectObject(adapter, left, sampleBytes(5));
      await expectAbsent(adapter, right);
    },
  },
  {
    name: 'is seen by a listing as a whole',
    needs: ['transactions'],
    run: async ({ adapter, open }) => {
      const writer = await open();
      await writeBoth(writer, 1);
      let isWriting = true;
      const write = async (): Promise<void> => {
        for (let sizeBytes = 2; sizeBytes <= 60; sizeBytes++) await writeBoth(writer, sizeBytes);
        isWriting = false;
      };
      const read = async (): Promise<void> => {
        do {
          const [first, second] = await listObjects(adapter, { prefix: 'pair/' });
          expect(first?.sizeBytes, 'sizes on one page').toBe(second?.sizeBytes);
          await nextTurn();
        } while (isWriting);
      };
      await Promise.all([write(), read()]);
    },
  },
  {
    name: 'counts two keys to fifty together with five workers',
    needs: ['transactions'],
    run: async ({ adapter, open }) => {
      const handles = [adapter, await open()];
      await transact(adapter, [put(left, 0, 'create'), put(right, 0, 'create')]);
      const work = async (worker: number): Promise<void> => {
        for (let step = 0; step < 10; step++) await incrementBoth(handles[worker % 2] ?? adapter);
      };
      await Promise.all([0, 1, 2, 3, 4].map(work));
      for (const key of [left, right]) expect((await readObject(adapter, key)).bytes.toString()).toBe('50');
    },
  },
]);

function put(key: ObjectKey, value: number, mode: WriteMode): TransactionOperation {
  return { kind: 'put', key, body: Buffer.from(String(value)), options: { mode } };
}

async function writeBoth(writer: StorageAdapter, sizeBytes: number): Promise<void> {
  await transact(
    writer,
    [left, right].map((key) => ({ kind: 'put', key, body: pacedSource(sampleBytes(sizeBytes)) })),
  );
}

async function incrementBoth(handle: StorageAdapter): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const [first, second] = [await readObject(handle, left), await readObject(handle, right)];
    const [next, alike] = [first, second].map((read) => Number(read.bytes.toString()) + 1);
    try {
      await transact(handle, [
        put(left, next ?? 0, { ifMatch: first.info.etag }),
        put(right, alike ?? 0, { ifMatch: second.info.etag }),
      ]);
      return;
    } catch (error) {
      if (!StorageError.isInstance(error, 'precondition-failed')) throw error;
    }
  }
  expect.fail(`no increment went through in ${mostAttempts} attempts`);
}
