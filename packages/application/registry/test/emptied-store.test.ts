import { MemoryRegistryStore, MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { ModelPersistenceService, RetirementService } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { sampleBytes } from './support/world.ts';

test('of a retired store everything goes, in the states in which it was found, and nothing of one that is in use', async () => {
  const registry = new MemoryRegistryStore();
  const adapters = { old: new MemoryStorageAdapter(), lake: new MemoryStorageAdapter() };
  const storage = new StorageService({ adapters });
  const persistence = new ModelPersistenceService({ registry, storage });
  const service = new RetirementService({ registry, storage });
  const save = async (seed: number, store: string) =>
    (await persistence.save(sampleBytes(50, seed), { name: `m${seed}`, store, format: 'binary' })).version;
  const version = await save(1, 'old');
  await save(2, 'lake');
  await expectCode(service.empty('old'), 'precondition-failed');
  await Array.fromAsync(service.retire('old', { to: 'lake' }));
  expect(await service.empty('old')).toBe(2);
  const left = await Array.fromAsync(adapters.old.list());
  expect(left.flatMap(({ objects }) => objects.map(({ key }) => key))).toEqual(['registry-claim.json']);
  expect(await persistence.load(version)).toEqual(sampleBytes(50, 1));
  await service.undo('old');
  await save(3, 'old');
  const outcomes = (await Array.fromAsync(service.retire('lake', { to: 'old' }))).map(
    ({ outcome }) => outcome,
  );
  expect(outcomes).toContain('copied');
});
