import type { ObjectInfo, StorageAdapter, TransactionOperation, TransactionOptions } from '@holdfast/ports';
import { expect } from 'vitest';
import { cancellationLimitMs } from './cancellation-cases.ts';
import { digestOf } from './digest-of.ts';
import { expectAbsent, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { GatedSource } from './gated-source.ts';
import { lendingSource } from './lending-source.ts';
import { listKeys } from './list-objects.ts';
import { objectKey, putSample, putSamples } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, type UngroupedStorageCase, inGroup } from './storage-case.ts';
import { within } from './within.ts';

const [one, two, gone] = [objectKey('one'), objectKey('two'), objectKey('gone')];
const bytes = sampleBytes(1_000);

/** Runs a transaction on an adapter that declares them. */
export async function transact(
  adapter: StorageAdapter,
  operations: readonly TransactionOperation[],
  options?: TransactionOptions,
): Promise<readonly ObjectInfo[]> {
  return (
    (await adapter.transaction?.(operations, options)) ??
    expect.fail('transactions are declared and not there')
  );
}

/** A last step that fails, after others that would not. */
const failures: readonly (readonly [
  string,
  Parameters<typeof expectFailure>[1],
  (stale: string) => TransactionOperation,
])[] = [
  [
    'a create where something is',
    'already-exists',
    () => ({ kind: 'put', key: two, body: bytes, options: { mode: 'create' } }),
  ],
  [
    'a stale replace',
    'precondition-failed',
    (stale) => ({ kind: 'put', key: two, body: bytes, options: { mode: { ifMatch: stale } } }),
  ],
  [
    'a replace of the missing',
    'precondition-failed',
    (stale) => ({ kind: 'put', key: gone, body: bytes, options: { mode: { ifMatch: stale } } }),
  ],
  ['a stale delete', 'precondition-failed', (stale) => ({ kind: 'delete', key: two, ifMatch: stale })],
  [
    'a delete of a state of the missing',
    'precondition-failed',
    (stale) => ({ kind: 'delete', key: gone, ifMatch: stale }),
  ],
  [
    'a wrong checksum',
    'checksum-mismatch',
    () => ({ kind: 'put', key: two, body: bytes, options: { checksum: digestOf(sampleBytes(1)) } }),
  ],
  [
    'a wrong size',
    'size-mismatch',
    () => ({ kind: 'put', key: two, body: lendingSource(bytes), options: { sizeBytes: 999 } }),
  ],
  ['a source that throws', 'unexpected', () => ({ kind: 'put', key: two, body: failing() })],
  ['a key that comes twice', 'invalid-argument', () => ({ kind: 'delete', key: one })],
  [
    'metadata that cannot be',
    'invalid-argument',
    () => ({ kind: 'put', key: two, body: bytes, options: { metadata: { A: '' } } }),
  ],
];

export const transactionCases: readonly StorageCase[] = inGroup('transactions', [
  {
    name: 'does all operations and tells the infos of the puts in their order',
    needs: ['transactions'],
    run: async ({ adapter, borderSizesBytes }) => {
      for (const sizeBytes of [0, 10, 300_000, ...borderSizesBytes.map((border) => border + 1)]) {
        await putSamples(adapter, [one, gone]);
        const [left, right] = [sampleBytes(sizeBytes, 1), sampleBytes(sizeBytes, 2)];
        const infos = await transact(adapter, [
          { kind: 'put', key: two, body: lendingSource(right) },
          { kind: 'delete', key: gone },
          { kind: 'put', key: one, body: left },
        ]);
        expect(infos.map((info) => info.key)).toEqual([two, one]);
        expect([await expectObject(adapter, two, right), await expectObject(adapter, one, left)]).toEqual(
          infos,
        );
        expect(await listKeys(adapter)).toEqual([one, two]);
      }
    },
  },
  {
    name: 'keeps the options of each put',
    needs: ['transactions', 'userMetadata', 'contentType'],
    run: async ({ adapter }) => {
      const options = {
        metadata: { a: '1' },
        contentType: 'application/x-one',
        sizeBytes: bytes.byteLength,
        checksum: digestOf(bytes),
      };
      await transact(adapter, [{ kind: 'put', key: one, body: bytes, options }]);
      const head = await adapter.head(one);
      expect(head?.metadata).toEqual(options.metadata);
      expect(head?.contentType).toBe(options.contentType);
    },
  },
  {
    name: 'does nothing when there are no operations, and deletes what is not there',
    needs: ['transactions'],
    run: async ({ adapter }) => {
      expect(await transact(adapter, [])).toEqual([]);
      expect(await transact(adapter, [{ kind: 'delete', key: gone }])).toEqual([]);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'does all operations when all conditions hold',
    needs: ['transactions'],
    run: async ({ adapter }) => {
      const [first, last] = [await putSample(adapter, one), await putSample(adapter, gone)];
      await transact(adapter, [
        { kind: 'put', key: one, body: bytes, options: { mode: { ifMatch: first.etag } } },
        { kind: 'put', key: two, body: bytes, options: { mode: 'create' } },
        { kind: 'delete', key: gone, ifMatch: last.etag },
      ]);
      await expectObject(adapter, one, bytes);
      expect(await listKeys(adapter)).toEqual([one, two]);
    },
  },
  ...failures.map(([what, code, last]): UngroupedStorageCase => ({
    name: `does nothing because of ${what}`,
    needs: ['transactions'],
    run: async ({ adapter }) => {
      const stale = await putSample(adapter, two);
      const before = [await putSample(adapter, one), await putSample(adapter, two)];
      const fresh = objectKey('fresh');
      const operations: readonly TransactionOperation[] = [
        { kind: 'put', key: fresh, body: bytes },
        { kind: 'put', key: one, body: sampleBytes(300_000) },
        last(stale.etag),
      ];
      for (const order of [operations, operations.toReversed().map(again)]) {
        await expectFailure(transact(adapter, order), code, { adapter, operation: 'transaction' });
        expect([await adapter.head(one), await adapter.head(two)]).toEqual(before);
        await expectAbsent(adapter, fresh);
        expect(await listKeys(adapter)).toEqual([one, two]);
      }
    },
  })),
  {
    name: 'leaves nothing of a transaction that is cancelled while a source is silent',
    needs: ['transactions'],
    run: async ({ adapter }) => {
      const controller = new AbortController();
      const source = new GatedSource(sampleBytes(300_000));
      const operations: readonly TransactionOperation[] = [
        { kind: 'put', key: one, body: bytes },
        { kind: 'put', key: two, body: source },
      ];
      const work = transact(adapter, operations, { signal: controller.signal });
      const failed = expectFailure(work, 'cancelled', { adapter, operation: 'transaction' });
      await source.paused;
      expect(await listKeys(adapter)).toEqual([]);
      controller.abort();
      await within(cancellationLimitMs, failed);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
]);

/** A source that passes once cannot be sent in the second order. */
function again(operation: TransactionOperation): TransactionOperation {
  if (operation.kind === 'delete' || operation.body instanceof Uint8Array) return operation;
  const isBroken = operation.options === undefined;
  return { ...operation, body: isBroken ? failing() : lendingSource(bytes) };
}

function failing(): AsyncIterable<Uint8Array> {
  const source = new GatedSource(bytes);
  source.fail(new Error('the source broke'));
  return source;
}
