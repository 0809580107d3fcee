import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ObjectKey } from '@holdfast/domain';
import { expect, test } from 'vitest';
import { counted } from '../support/counted.ts';
import { listingWithoutChecksums, mirrored, transferBetween } from '../support/mirroring.ts';
import { overriding } from '../support/overriding.ts';

const key = (text: string): ObjectKey => text as ObjectKey;

test('reads both ends where neither keeps digests, and sends only what differs', async () => {
  const bare = { from: new MemoryStorageAdapter(), to: new MemoryStorageAdapter() };
  await bare.from.put(key('equal'), Buffer.from('same size'));
  await bare.to.put(key('equal'), Buffer.from('same size'));
  await bare.from.put(key('other'), Buffer.from('same size'));
  await bare.to.put(key('other'), Buffer.from('SAME SIZE'));
  const [from, to] = [counted(listingWithoutChecksums(bare.from)), counted(listingWithoutChecksums(bare.to))];
  const transfer = transferBetween(from.adapter, to.adapter);
  const differing = { equal: 'unchanged', other: 'replaced' };
  expect(await mirrored(transfer, { isDryRun: true })).toEqual(differing);
  expect(await mirrored(transfer)).toEqual(differing);
  to.calls.length = 0;
  expect(await mirrored(transfer)).toEqual({ equal: 'unchanged', other: 'unchanged' });
  expect(to.calls.filter((call) => call.startsWith('put'))).toEqual([]);
  expect([from.open(), to.open()]).toEqual([0, 0]);
});

test('sends again what is known to be damaged in the target, whatever its record says', async () => {
  const [from, to] = [new MemoryStorageAdapter(), new MemoryStorageAdapter()];
  for (const adapter of [from, to]) {
    await adapter.put(key('damaged'), Buffer.from('x'));
    await adapter.put(key('whole'), Buffer.from('x'));
  }
  const isDamaged = async (name: ObjectKey): Promise<boolean> => name === 'damaged';
  expect(await mirrored(transferBetween(from, to), { isDamaged })).toEqual({
    damaged: 'replaced',
    whole: 'unchanged',
  });
});

test('takes what another writer has brought meanwhile for there, if it is the same, and for a failure if not', async () => {
  for (const [theirs, expected] of [
    ['same', 'unchanged'],
    ['other', 'failed'],
  ] as const) {
    const [from, to] = [new MemoryStorageAdapter(), new MemoryStorageAdapter()];
    await from.put(key('a'), Buffer.from('same'));
    const outrun = overriding(to, {
      put: async (...parameters) => {
        await to.put(key('a'), Buffer.from(theirs));
        return to.put(...parameters);
      },
    });
    expect(await mirrored(transferBetween(from, outrun))).toEqual({ a: expected });
  }
});
