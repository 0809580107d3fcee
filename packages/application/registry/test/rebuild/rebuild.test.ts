import { type ModelVersion, type ObjectKey, VersionStatus, contentKey, versionOwner } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { type CollectedItem, versionManifestContentType } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { backUp, damageOf, dumpOf } from '../backup/support.ts';
import { expectCode } from '../support/expect-code.ts';
import { overriding } from '../support/overriding.ts';
import { World, noFaults, registryKinds, sampleBytes } from '../support/world.ts';
import { fill, rebuild, withLostRegistry } from './support.ts';

function withoutRevisions(versions: readonly ModelVersion[]): readonly unknown[] {
  return versions.map((version) => JSON.parse(JSON.stringify(version)) as unknown);
}

describe.each(registryKinds)('%s', (kind) => {
  test('what was never changed comes back as it was, and nothing of it is garbage', async () => {
    await using world = await World.make(kind, { store: 'filesystem' });
    await fill(world);
    await using lost = await withLostRegistry(world, kind === 'memory' ? 'SQLite' : 'memory');
    const report = await rebuild(lost);
    expect(report).toMatchObject({ isRebuilt: true, isTakenOver: true, versionCount: 4, findings: [] });
    expect(report.notHad).not.toEqual([]);
    expect(withoutRevisions(await lost.versions())).toEqual(withoutRevisions(await world.versions()));
    expect(await lost.registry.registryId()).toBe(await world.registry.registryId());
    expect(await lost.faults()).toEqual(noFaults);
    expect(await damageOf(lost)).toEqual([]);
    expect(await Array.fromAsync(lost.collection.collect())).toEqual([]);
    const { version } = await lost.persistence.save(sampleBytes(9), { name: 'team/a' });
    expect(version.number).toBe(4);
  });

  test('with a backup, tags, statuses, aliases, models and numbers come back as they were in it', async () => {
    await using world = await World.make(kind);
    await fill(world);
    await world.models.moveAlias('team/a', 'champion', { to: 2 });
    await world.models.changeStatus('team/a:1', VersionStatus.Deprecated, { reason: 'old' });
    await world.models.createModel({ name: 'empty', description: 'nothing yet' });
    for (let round = 0; round < 7; round += 1) await world.registry.repositories.models.reserveNumber('tree');
    const before = await dumpOf(world.registry);
    const from = await backUp(world, { contents: 'registry' });
    await using lost = await withLostRegistry(world);
    await rebuild(lost, { from });
    expect(await dumpOf(lost.registry)).toEqual(before);

    await lost.models.moveAlias('team/a', 'second', { to: 3 });
    lost.nowMs += 1_000;
    await lost.persistence.save(sampleBytes(77, 77), { name: 'team/a' });
    await lost.models.deleteVersion('team/a:1');
    await using later = await withLostRegistry(lost);
    const report = await rebuild(later, { from });
    expect(report.findings).toEqual([expect.objectContaining({ subject: 'team/a:1', outcome: 'left out' })]);
    expect((await later.models.listVersions('team/a')).map(({ number }) => number)).toEqual([4, 3, 2]);
    expect((await later.models.findVersion('team/a@champion')).number).toBe(2);
    expect(await later.faults()).toEqual(noFaults);
  });
});

test('removed versions do not come back, also when their bytes serve another one', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(200), { name: 'a' });
  await world.persistence.save(sampleBytes(200), { name: 'b' });
  await world.persistence.save(sampleBytes(300), { name: 'b' });
  await world.models.deleteVersion('b:1');
  await world.models.deleteModel('a');
  await using lost = await withLostRegistry(world);
  const report = await rebuild(lost);
  expect(report).toMatchObject({ versionCount: 1, modelCount: 1, findings: [] });
  expect((await lost.versions()).map(({ modelName, number }) => `${modelName}:${number}`)).toEqual(['b:2']);
});

test('a manifest that a removal left behind brings nothing back when its bytes are gone, or a newer backup knows better', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(200), { name: 'a' });
  await world.persistence.save(sampleBytes(300), { name: 'a' });
  const key = 'versions/a/@0000000001' as ObjectKey;
  await using reader = await world.adapter.get(key);
  const manifest = Buffer.concat(await Array.fromAsync(reader?.body ?? [], (chunk) => Buffer.from(chunk)));
  await world.models.deleteVersion('a:1');
  const putBack = () => world.adapter.put(key, manifest, { contentType: versionManifestContentType });
  await putBack();
  await using lost = await withLostRegistry(world);
  expect((await rebuild(lost)).findings).toEqual([
    expect.objectContaining({
      subject: 'a:1',
      outcome: 'left out',
      reason: expect.stringContaining('bytes'),
    }),
  ]);
  expect(await lost.registry.repositories.models.reserveNumber('a')).toBe(3);

  await world.storage.save(sampleBytes(200), { format: 'binary' });
  world.nowMs += 3_600_000;
  const from = await backUp(world, { contents: 'registry' });
  await using other = await withLostRegistry(world);
  expect((await rebuild(other, { from })).findings).toEqual([
    expect.objectContaining({ subject: 'a:1', reason: expect.stringContaining('newer') }),
  ]);
});

test('damaged manifests, missing files and claims of one number are told; nothing else suffers', async () => {
  await using world = await World.make('memory');
  await fill(world);
  const tree = await world.models.findVersion('tree');
  const [file] = (await world.registry.repositories.objects.findReferences(versionOwner(tree.id))).filter(
    (digest) => digest !== tree.storage.checksum && digest !== tree.manifestDigest,
  );
  await world.adapter.delete([{ key: contentKey(file ?? tree.storage.checksum) }]);
  const damaged = 'versions/team/a/@0000000002' as ObjectKey;
  const size = (await world.adapter.head(damaged))?.sizeBytes ?? 0;
  await world.adapter.put(damaged, Buffer.alloc(size, 'x'), { contentType: versionManifestContentType });
  const first = await world.models.findVersion('team/a:1');
  const twin = { ...first, id: 'twin', createdAt: '2025-01-01T00:00:00.000Z', revision: 0 };
  await world.storage.save(
    Buffer.from(`${JSON.stringify({ layout: 'holdfast-version-1', version: twin }, undefined, 1)}\n`),
    { contentType: versionManifestContentType, format: 'json' },
  );
  await world.storage.save(Buffer.from('{\n "layout": "holdfast-version-9"}'), {
    contentType: versionManifestContentType,
    format: 'json',
  });
  await using lost = await withLostRegistry(world);
  const { findings, versionCount } = await rebuild(lost);
  expect(versionCount).toBe(3);
  const told = findings.map(({ subject, outcome }) => `${outcome} ${subject}`).toSorted();
  expect(told).toEqual([
    expect.stringMatching(/^left out objects\/sha256/),
    'left out team/a:1',
    'left out versions/team/a/@0000000002',
    'marked tree:1',
  ]);
  expect((await lost.models.findVersion('team/a:1')).id).toBe(first.id);
  expect(await damageOf(lost)).toEqual([expect.objectContaining({ digest: file, affected: ['tree:1'] })]);
});

test('a model that was removed and made anew has the versions of the new one only', async () => {
  await using world = await World.make('memory');
  await world.persistence.save(sampleBytes(200), { name: 'a' });
  const from = await backUp(world, { contents: 'registry' });
  await world.models.deleteModel('a');
  world.nowMs += 1_000;
  await world.persistence.save(sampleBytes(300), { name: 'a' });
  for (const options of [{}, { from }]) {
    await using lost = await withLostRegistry(world);
    await rebuild(lost, options);
    expect(withoutRevisions(await lost.versions())).toEqual(withoutRevisions(await world.versions()));
    expect((await lost.models.listModels()).items).toHaveLength(1);
  }
});

test('a store whose listing knows no content types, and one without ranges, are read all the same', async () => {
  await using world = await World.make('memory');
  await fill(world);
  for (const ranges of [true, false]) {
    await using lost = await withLostRegistry(world);
    const adapter = overriding<StorageAdapter>(world.adapter, {
      capabilities: { ...world.adapter.capabilities, ranges },
      list: async function* list(options) {
        for await (const page of world.adapter.list(options))
          yield { ...page, objects: page.objects.map(({ contentType: _contentType, ...info }) => info) };
      },
    });
    const storage = new StorageService({ adapters: { main: adapter } });
    expect(await rebuild({ ...lost, registry: lost.registry, storage, nowMs: lost.nowMs })).toMatchObject({
      versionCount: 4,
      findings: [],
    });
  }
});

test('a store is taken over only when that is said; a registry that is there is never touched', async () => {
  await using world = await World.make('memory');
  await fill(world);
  await using lost = await withLostRegistry(world);
  await expectCode(rebuild(lost, { mayTakeOver: false }), 'permission-denied');
  expect(await dumpOf(lost.registry)).toEqual([]);
  await expectCode(rebuild(world), 'already-exists');
  await using stranger = await World.make('memory');
  await stranger.persistence.save(sampleBytes(9), { name: 'a' });
  const from = await backUp(stranger);
  await expectCode(rebuild(lost, { from }), 'permission-denied');
});

test('a collection beside a rebuild takes nothing', async () => {
  await using world = await World.make('memory');
  await fill(world);
  await using lost = await withLostRegistry(world);
  await lost.registry.repositories.archive.adoptId(await world.registry.registryId());
  let collectionCount = 0;
  const adapter = overriding<StorageAdapter>(world.adapter, {
    head: async (key, options) => {
      collectionCount += 1;
      const told = await Array.fromAsync(lost.collection.collect()).catch(unlessStopped);
      for (const { outcome } of told) expect(outcome).toBe('kept');
      return world.adapter.head(key, options);
    },
  });
  const storage = new StorageService({ adapters: { main: adapter } });
  await rebuild({ registry: lost.registry, storage, nowMs: lost.nowMs });
  expect(collectionCount).toBeGreaterThan(4);
  expect(await lost.faults()).toEqual(noFaults);
});

/** A registry that is being made does not know the versions in its store yet. */
function unlessStopped(error: unknown): readonly CollectedItem[] {
  if (StorageError.isInstance(error, 'permission-denied')) return [];
  throw error;
}
