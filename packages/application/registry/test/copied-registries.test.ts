import { copyFile } from 'node:fs/promises';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import type { ObjectKey } from '@holdfast/domain';
import {
  AdoptionService,
  CollectionService,
  ModelManagementService,
  ModelPersistenceService,
  claimKey,
} from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { backUp, restore } from './backup/support.ts';
import { rebuild, withLostRegistry } from './rebuild/support.ts';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, sampleBytes } from './support/world.ts';

/** Opens a registry file over a store, as a command does. */
async function open(folder: TemporaryFolder, file: string) {
  const registry = await SqlRegistryStore.open({ url: `sqlite:${folder.join(file)}` });
  const adapter = new FilesystemStorageAdapter({ root: folder.join('store') });
  const storage = new StorageService({ adapters: { main: adapter } });
  const made = { registry, storage };
  return {
    persistence: new ModelPersistenceService(made),
    models: new ModelManagementService(made),
    collection: new CollectionService(made),
    adoption: new AdoptionService(made),
    storage,
    [Symbol.asyncDispose]: async () => {
      await storage[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

test('of a registry file and its copy, the one that writes first goes on, and adoption brings the versions of the other in', async () => {
  await using folder = await TemporaryFolder.make();
  {
    await using origin = await open(folder, 'registry.db');
    await origin.persistence.save(sampleBytes(20), { name: 'model' });
  }
  await copyFile(folder.join('registry.db'), folder.join('copy.db'));
  await using copy = await open(folder, 'copy.db');
  const saved = await copy.persistence.save(sampleBytes(30), { name: 'model' });
  await using origin = await open(folder, 'registry.db');
  await expectCode(origin.persistence.save(sampleBytes(40), { name: 'model' }), 'permission-denied');
  const items = await Array.fromAsync(origin.collection.collect({ areLeasesIgnored: true }));
  expect(items).toMatchObject([
    { outcome: 'kept', reason: expect.stringContaining('another registry') as string },
  ]);
  await expectCode(Array.fromAsync(origin.adoption.adopt(['main'])), 'permission-denied');
  const adopted = await Array.fromAsync(origin.adoption.adopt(['main'], { mayTakeOver: true }));
  expect(adopted).toMatchObject([{ reference: 'model:2', outcome: 'adopted' }]);
  expect((await origin.models.findVersion('model:2')).id).toBe(saved.version.id);
  expect((await origin.persistence.save(sampleBytes(40), { name: 'model' })).version.number).toBe(3);
  await expectCode(copy.persistence.save(sampleBytes(50), { name: 'model' }), 'permission-denied');
  await origin.storage.verify(saved.version.storage);
});

test('a restored backup names the versions that were saved after it, does not give their numbers out, and never deletes them', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(20), { name: 'model' });
  const backup = await backUp(world, { contents: 'registry' });
  const newer = [
    await world.persistence.save(sampleBytes(30), { name: 'model' }),
    await world.persistence.save(sampleBytes(40), { name: 'other' }),
  ];
  await using restored = await withLostRegistry(world);
  const report = await restore(restored, backup, { mayTakeOver: true });
  expect(report.unknown.map(({ name, number }) => `${name}:${number}`)).toEqual(['model:2', 'other:1']);
  expect((await restored.persistence.save(sampleBytes(50), { name: 'model' })).version.number).toBe(3);
  expect((await restored.persistence.save(sampleBytes(60), { name: 'other' })).version.number).toBe(2);
  await expectCode(
    Array.fromAsync(restored.collection.collect({ areLeasesIgnored: true })),
    'permission-denied',
  );
  for (const { version } of newer) await restored.storage.verify(version.storage);
  await expectCode(world.persistence.save(sampleBytes(70), { name: 'model' }), 'permission-denied');
});

test('a registry that is rebuilt beside a living one takes its place, and the living one is refused', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(20), { name: 'model' });
  await using rebuilt = await withLostRegistry(world);
  await rebuild(rebuilt);
  await expectCode(world.persistence.save(sampleBytes(30), { name: 'model' }), 'permission-denied');
  await expectCode(world.models.deleteModel('model'), 'permission-denied');
  expect((await rebuilt.persistence.save(sampleBytes(30), { name: 'model' })).version.number).toBe(2);
});

test('a rebuild believes no file that only begins as a manifest, unless it may', async () => {
  await using world = await World.make('memory');
  const { version } = await world.persistence.save(sampleBytes(20), { name: 'model' });
  const forged = { ...version, id: 'forged', modelId: 'forged', modelName: 'prod/model', number: 99 };
  const text = `${JSON.stringify({ layout: 'holdfast-version-1', version: forged }, undefined, 1)}\n`;
  await world.persistence.save(Buffer.from(text), { name: 'innocent', format: 'binary' });
  await using rebuilt = await withLostRegistry(world);
  const { findings } = await rebuild(rebuilt);
  expect(findings).toMatchObject([{ reason: expect.stringContaining('--trust-untyped') as string }]);
  await expectCode(rebuilt.models.findModel('prod/model'), 'not-found');
  await using trusting = await withLostRegistry(rebuilt);
  await rebuild(trusting, { mayTrustUntyped: true });
  expect((await trusting.models.findVersion('prod/model:99')).id).toBe('forged');
});

test('the claim of before is renewed to a form that older programs find damaged', async () => {
  await using world = await World.make('memory');
  const adapter = world.adapter;
  const plain = Buffer.from(JSON.stringify({ registryId: await world.registry.registryId() }));
  await adapter.put(claimKey, plain);
  await world.persistence.save(sampleBytes(20), { name: 'model' });
  await using reader = await adapter.get(claimKey);
  const chunks = await Array.fromAsync(reader?.body ?? [], (chunk) => Buffer.from(chunk));
  const claim = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  expect(claim).toMatchObject({ layout: 'holdfast-claim-2', deleting: [] });
  expect(claim['registryId']).toBeUndefined();
  expect(await adapter.head('versions/model/@0000000001' as ObjectKey)).toBeDefined();
});

test('versions of a store that was not fenced before get a manifest by name when it is first claimed', async () => {
  await using world = await World.make('memory');
  const { capabilities } = world.adapter;
  const unfenced = world.beside({
    adapter: (adapter) => overriding(adapter, { capabilities: { ...capabilities, replaceIfMatch: false } }),
  });
  const { version } = await unfenced.persistence.save(sampleBytes(20), { name: 'model' });
  expect(version.manifestDigest).toBeDefined();
  expect(await world.adapter.head('versions/model/@0000000001' as ObjectKey)).toBeUndefined();
  await world.persistence.save(sampleBytes(30), { name: 'other' });
  expect(await world.adapter.head('versions/model/@0000000001' as ObjectKey)).toBeDefined();
  expect(await Array.fromAsync(world.verification.verify())).toEqual(
    Array(3).fill(expect.objectContaining({ state: 'intact' })),
  );
});

test('a manifest that is damaged or gone is a finding of verify', async () => {
  await using world = await World.make('memory');
  const key = 'versions/model/@0000000001' as ObjectKey;
  await world.persistence.save(sampleBytes(20), { name: 'model' });
  const record = { state: 'damaged', record: 'manifest model:1' };
  await world.adapter.put(key, Buffer.from('{}'));
  expect((await Array.fromAsync(world.verification.verify())).slice(1)).toMatchObject([record]);
  await world.adapter.delete([{ key }]);
  expect((await Array.fromAsync(world.verification.verify())).slice(1)).toMatchObject([record]);
});
