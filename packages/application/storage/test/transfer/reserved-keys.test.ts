import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { InvalidValueError, type ObjectKey, isReservedKey } from '@holdfast/domain';
import { StorageService, TransferService } from '@holdfast/storage';
import { expect, test } from 'vitest';
import { keysIn } from '../support/storage-subjects.ts';

const reserved = [
  'registry-claim.json',
  'registry/root.json',
  'versions/team/model/@0000000001',
  'key-ring',
  'uploads/1/0',
  'caches/kernels/a',
];
const free = ['registry-claim.json.txt', 'versions.txt', 'key-rings', 'my/versions/1', 'uploads2'];

const isRefused = (error: unknown): boolean =>
  InvalidValueError.isInstance(error) && error.message.includes('reserved');

test('keys of the store itself are reserved, and their neighbours are not', () => {
  expect(reserved.filter((key) => !isReservedKey(key))).toEqual([]);
  expect(free.filter(isReservedKey)).toEqual([]);
});

test.each(reserved)('a save, a copy and a move never write %s', async (key) => {
  const adapter = new MemoryStorageAdapter();
  const storage = new StorageService({ adapters: { main: adapter } });
  const transfer = new TransferService({ storage });
  await storage.save(Buffer.from('mine'), { key: 'mine' });
  await expect(storage.save(Buffer.from('theirs'), { key })).rejects.toSatisfy(isRefused);
  await expect(async () => transfer.copy({ key: 'mine' }, { key })).rejects.toSatisfy(isRefused);
  await expect(transfer.move({ key: 'mine' }, { key })).rejects.toSatisfy(isRefused);
  expect(await keysIn(adapter)).toEqual(['mine']);
  await adapter.put(key as ObjectKey, Buffer.from('of the store'));
  await expect(transfer.move({ key }, { key: 'taken' })).rejects.toSatisfy(isRefused);
  expect(await adapter.head(key as ObjectKey)).toBeDefined();
});

test('a mirror passes over them, also when asked for them', async () => {
  const [from, to] = [new MemoryStorageAdapter(), new MemoryStorageAdapter()];
  for (const key of [...reserved, ...free]) await from.put(key as ObjectKey, Buffer.from(key));
  const transfer = new TransferService({ storage: new StorageService({ adapters: { from, to } }) });
  const told = await Array.fromAsync(transfer.mirror('from', 'to'));
  expect(told.map(({ key }) => key).toSorted()).toEqual(free.toSorted());
  expect(await Array.fromAsync(transfer.mirror('from', 'to', { prefix: 'versions/' }))).toEqual([]);
  expect(await keysIn(to)).toEqual(free.toSorted());
});
