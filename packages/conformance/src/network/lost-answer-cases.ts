import { type ByteSource, type PutOptions, StorageError, type WriteMode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectBytes, expectObject } from '../storage/expect-bytes.ts';
import { lendingSource } from '../storage/lending-source.ts';
import { objectKey } from '../storage/put-sample.ts';
import { readObject } from '../storage/read-object.ts';
import { sampleBytes } from '../storage/sample-bytes.ts';
import type { NetworkCase, NetworkHarness, StoreBehindNetwork } from './network-harness.ts';

const key = objectKey('written/afar');
const old = Buffer.from('old');

interface Write {
  readonly mode: WriteMode;
  readonly body: () => ByteSource;
  readonly bytes: Uint8Array;
}

/** Writes that the server does and whose answers nobody hears. */
export const lostAnswerCases: readonly NetworkCase[] = [
  {
    name: 'finds out that a write happened whose answer was lost',
    run: (store, harness) =>
      eachWrite(store, harness, async ({ mode, body, bytes }) => {
        const { network, adapter } = store;
        for (let times = 1; times <= 2; times++) {
          const prepared = await prepare(store, mode);
          network.fail({ kind: 'lost answer', methods: harness.writingMethods, times });
          const info = await adapter.put(key, body(), prepared);
          network.heal();
          expect(await expectObject(adapter, key, bytes)).toEqual(info);
        }
      }),
  },
  {
    name: 'tells success, refusal or indeterminate when every answer is lost',
    run: (store, harness) =>
      eachWrite(store, harness, async ({ mode, body, bytes }) => {
        const { network, adapter, direct } = store;
        const prepared = await prepare(store, mode);
        network.fail({
          kind: 'lost answer',
          methods: harness.writingMethods,
          times: Number.POSITIVE_INFINITY,
        });
        const outcome = await outcomeOf(adapter.put(key, body(), prepared));
        network.heal();
        const present = await direct.get(key);
        await present?.[Symbol.asyncDispose]();
        const found = present === undefined ? undefined : (await readObject(direct, key)).bytes;
        if (outcome === 'done') expectBytes(found ?? Buffer.alloc(0), bytes);
        else expect(['indeterminate', 'unavailable', 'timeout']).toContain(outcome);
        if (outcome === 'unavailable' || outcome === 'timeout')
          expect(found?.equals(bytes) ?? false, 'written though it is told that it is not').toBe(false);
      }),
  },
  {
    name: 'says that it cannot tell when somebody else wrote meanwhile',
    run: (store, harness) =>
      eachWrite(store, harness, async ({ mode, body }) => {
        if (mode === 'overwrite') return;
        const { network, adapter, direct } = store;
        const prepared = await prepare(store, mode);
        const methods = harness.writingMethods;
        network.fail({ kind: 'lost answer', methods, times: Number.POSITIVE_INFINITY });
        let isOvertaken = false;
        network.onLost = async () => {
          const { etag = '' } = (await direct.head(key)) ?? {};
          if (etag === '' || (typeof prepared.mode === 'object' && prepared.mode.ifMatch === etag)) return;
          isOvertaken = true;
          await direct.put(key, Buffer.from('somebody else'));
          network.heal();
        };
        const outcome = await outcomeOf(adapter.put(key, body(), prepared));
        network.onLost = async () => undefined;
        network.heal();
        if (isOvertaken) {
          expect(outcome).toBe(harness.knowsOutcomes === true ? 'done' : 'indeterminate');
          await expectObject(direct, key, Buffer.from('somebody else'));
        }
      }),
  },
  {
    name: 'never takes another write for its own',
    run: async ({ network, adapter, direct }, { writingMethods }) => {
      if (!adapter.capabilities.createIfAbsent) return;
      await direct.put(key, old);
      network.fail({ kind: 'lost answer', methods: writingMethods, times: 1 });
      const outcome = await outcomeOf(adapter.put(key, Buffer.from('new'), { mode: 'create' }));
      expect(['already-exists', 'indeterminate']).toContain(outcome);
      await expectObject(direct, key, old);
    },
  },
];

async function eachWrite(
  { adapter: { capabilities } }: StoreBehindNetwork,
  { largeBytes }: NetworkHarness,
  attempt: (write: Write) => Promise<void>,
): Promise<void> {
  for (const sizeBytes of [1_000, largeBytes]) {
    for (const mode of ['overwrite', 'create', { ifMatch: '' }] as const) {
      if (mode === 'create' && !capabilities.createIfAbsent) continue;
      if (typeof mode === 'object' && !capabilities.replaceIfMatch) continue;
      const bytes = sampleBytes(sizeBytes);
      for (const body of [() => bytes, () => lendingSource(bytes)]) await attempt({ mode, body, bytes });
    }
  }
}

/** Makes the state that a mode asks for. */
async function prepare({ direct }: StoreBehindNetwork, mode: WriteMode): Promise<PutOptions> {
  await direct.delete([{ key }]);
  if (mode === 'create') return { mode };
  const { etag } = await direct.put(key, old);
  return { mode: mode === 'overwrite' ? mode : { ifMatch: etag } };
}

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => {
      if (StorageError.isInstance(error)) return error.code;
      throw error;
    },
  );
}
