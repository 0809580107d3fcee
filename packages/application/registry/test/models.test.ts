import { InvalidValueError, VersionStatus, utcTimestamp, contentKey } from '@holdfast/domain';
import { type DeleteResult, StorageError } from '@holdfast/ports';
import { ModelManagementService } from '@holdfast/registry';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { type RunStep, steppingAdapter, steppingRegistry } from './support/stepwise.ts';
import { type RegistryKind, World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

async function makeVersions(kind: RegistryKind, count = 3): Promise<World> {
  const world = await World.make(kind);
  for (let index = 0; index < count; index++)
    await world.persistence.save(sampleBytes(9, index), { name: 'model' });
  return world;
}

describe.each(registryKinds)('%s', (kind) => {
  test('models are made once, found, listed and tagged', async () => {
    await using world = await World.make(kind);
    const { models } = world;
    const made = await models.createModel({
      name: 'team/model',
      description: 'finds faults',
      tags: { a: '1' },
    });
    expect(made).toMatchObject({
      revision: 1,
      description: 'finds faults',
      createdAt: utcTimestamp(world.nowMs),
    });
    expect(made.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    await expectCode(models.createModel({ name: 'team/model' }), 'already-exists');
    expect(await models.findModel('team/model')).toEqual(made);
    await models.createModel({ name: 'other' });
    expect((await models.listModels()).items.map(({ model }) => model.name)).toEqual(['other', 'team/model']);
    const unset = await models.listModels({ order: undefined, limit: undefined, after: undefined });
    expect(unset.items.map(({ model }) => model.name)).toEqual(['other', 'team/model']);
    expect((await models.listModels({ filter: { tags: { a: '1' } } })).items).toHaveLength(1);
    world.nowMs += 5;
    const tagged = await models.tagModel('team/model', { set: { b: '2' }, remove: ['a', 'missing'] });
    expect(tagged).toMatchObject({ tags: { b: '2' }, updatedAt: utcTimestamp(world.nowMs), revision: 2 });
    await expect(models.tagModel('team/model', { set: { 'no spaces': '' } })).rejects.toBeInstanceOf(
      InvalidValueError,
    );
    expect((await models.findModel('team/model')).tags).toEqual({ b: '2' });
    expect(await models.listVersions('team/model')).toEqual([]);
    expect(await models.listAliases('team/model')).toEqual([]);
  });

  test('versions are listed newest first, tagged and moved through their states', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    expect((await models.listVersions('model')).map(({ number }) => number)).toEqual([3, 2, 1]);
    const tagged = await models.tagVersion('model:2', { set: { a: '1', b: '2' } });
    expect(tagged.tags).toEqual({ a: '1', b: '2' });
    expect((await models.tagVersion('model:2', { set: { c: '3' }, remove: ['a'] })).tags).toEqual({
      b: '2',
      c: '3',
    });
    const hidden = await models.changeStatus('model:3', VersionStatus.Deprecated, { reason: 'drift' });
    expect(hidden.history).toMatchObject([
      { field: 'status', from: 'ready', to: 'deprecated', reason: 'drift' },
    ]);
    await expect(models.changeStatus('model:2', VersionStatus.Archived)).rejects.toThrow(/cannot follow/);
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => models.tagVersion('model:1', { set: { [`k${index}`]: 'v' } })),
    );
    expect(Object.keys((await models.findVersion('model:1')).tags)).toHaveLength(10);
  });

  test('what is not there is told with what there is', async () => {
    await using world = await makeVersions(kind, 7);
    const { models } = world;
    await models.moveAlias('model', 'champion', { to: 1 });
    await models.createModel({ name: 'empty' });
    const hints: Readonly<Record<string, RegExp>> = {
      modell: /Did you mean model\?/,
      'team/model': /Did you mean model\?/,
      zzz: /holdfast ls/,
      'model:99': /Its versions: 7, 6, 5, 4, 3, …/,
      'model@challenger': /Its aliases: champion\./,
      empty: /Add one/,
      'empty:1': /It has no versions/,
      'empty@champion': /It has no aliases/,
    };
    for (const [reference, hint] of Object.entries(hints)) {
      expect((await expectCode(models.findVersion(reference), 'not-found')).hint, reference).toMatch(hint);
      await expectCode(models.describeVersion(reference), 'not-found');
      await expectCode(models.deleteVersion(reference), 'not-found');
      await expectCode(models.tagVersion(reference, {}), 'not-found');
    }
    for (const action of [
      () => models.findModel('no'),
      () => models.listVersions('no'),
      () => models.listAliases('no'),
      () => models.aliasHistory('no', 'champion'),
      () => models.removeAlias('no', 'champion'),
      () => models.tagModel('no', {}),
      () => models.deleteModel('no'),
    ]) {
      await expectCode(action(), 'not-found');
    }
    await expect(async () => models.findVersion('model:x')).rejects.toBeInstanceOf(InvalidValueError);
    expect(await models.findVersion('model')).toMatchObject({ number: 7 });
    expect(await models.findVersion('model@latest')).toMatchObject({ number: 7 });
    expect(await models.findVersion({ kind: 'number', name: 'model', number: 2 })).toMatchObject({
      number: 2,
    });
  });

  test('two versions are compared field by field', async () => {
    await using world = await World.make(kind);
    const { persistence, models } = world;
    await persistence.save(sampleBytes(9), {
      name: 'model',
      metrics: { loss: 1, f1: 2 },
      tags: { a: '1' },
      parameters: { depth: '3' },
    });
    await persistence.save(sampleBytes(9), {
      name: 'model',
      metrics: { loss: 0.5, f1: 2 },
      tags: { b: '1' },
      parameters: { depth: '3' },
    });
    await persistence.save(sampleBytes(12, 2), { name: 'other' });
    expect(await models.compareVersions('model:1', 'model:2')).toEqual({
      left: 'model:1',
      right: 'model:2',
      isSameContent: true,
      differences: [
        { field: 'metric loss', left: 1, right: 0.5 },
        { field: 'tag a', left: '1', right: undefined },
        { field: 'tag b', left: undefined, right: '1' },
      ],
    });
    const unlike = await models.compareVersions('model:1', 'other');
    expect(unlike.isSameContent).toBe(false);
    expect(unlike.differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['digest', 'sizeBytes']),
    );
    expect((await models.compareVersions('model:2', 'model:2')).differences).toEqual([]);
  });

  test('a version goes with the bytes that nothing else needs, and its number is never used again', async () => {
    await using world = await World.make(kind);
    const { persistence, models } = world;
    const { version } = await persistence.save(sampleBytes(9), { name: 'model' });
    const shared = await persistence.save(sampleBytes(9), { name: 'other' });
    const first = await models.deleteVersion('model:1');
    expect(first).toEqual({ versions: [version], reclaimed: [], warnings: [] });
    expect(await persistence.load(shared.version)).toHaveLength(9);
    expect((await persistence.save(sampleBytes(8), { name: 'model' })).version.number).toBe(2);
    await models.deleteModel('model');
    await expectCode(models.findModel('model'), 'not-found');
    expect((await persistence.save(sampleBytes(8), { name: 'model' })).version.number).toBe(3);
    const last = await models.deleteVersion('other');
    expect(last.reclaimed).toEqual([version.storage.checksum]);
    expect(await world.registry.repositories.objects.findLocations(version.storage.checksum)).toEqual([]);
    expect(await world.faults()).toEqual(noFaults);
  });

  test('a version that an alias points to stays, and so does its model', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    await models.moveAlias('model', 'champion', { to: 2 });
    await models.moveAlias('model', 'challenger', { to: 2 });
    const error = await expectCode(models.deleteVersion('model@champion'), 'permission-denied');
    expect(error.message).toContain('challenger, champion');
    expect(error.hint).toContain('--remove');
    await expectCode(models.deleteModel('model'), 'permission-denied');
    expect(await models.listVersions('model')).toHaveLength(3);
    expect(await world.faults()).toEqual(noFaults);
    await models.removeAlias('model', 'champion');
    await models.removeAlias('model', 'challenger');
    expect((await models.deleteModel('model')).versions).toHaveLength(3);
    expect(await world.keys()).toEqual([]);
  });

  test('without a storage, bytes are left to a collection', async () => {
    await using world = await makeVersions(kind);
    const models = new ModelManagementService({ registry: world.registry });
    expect((await models.deleteVersion('model:1')).reclaimed).toEqual([]);
    expect((await world.faults()).superfluous).toHaveLength(1);
    for await (const _item of world.collection.collect());
    expect(await world.faults()).toEqual(noFaults);
  });

  test('a version is gone also when its bytes cannot be freed, and the next save of them ends that', async () => {
    let isRefusing = true;
    await using world = await World.make(kind, {
      adapter: (adapter) =>
        overriding(adapter, {
          delete: async (targets): Promise<readonly DeleteResult[]> => {
            const error = new StorageError({
              code: 'permission-denied',
              operation: 'delete',
              backend: 'memory',
              message: 'no',
            });
            return isRefusing ? targets.map(({ key }) => ({ key, error })) : adapter.delete(targets);
          },
        }),
    });
    const { version } = await world.persistence.save(sampleBytes(9), { name: 'model' });
    const deleted = await world.models.deleteVersion('model:1');
    expect(deleted).toMatchObject({ versions: [{ number: 1 }], reclaimed: [] });
    expect(deleted.warnings).toEqual([expect.stringContaining('no')]);
    await expectCode(world.models.findVersion('model:1'), 'not-found');
    expect(await world.keys()).toContain(contentKey(version.storage.checksum));
    isRefusing = false;
    for await (const _item of world.collection.collect());
    expect(await world.faults()).toEqual(noFaults);
  });

  test.each(['before', 'after'])(
    'a removal that breaks %s any of its steps is whole or not at all, and collected later',
    async (when) => {
      const rehearsal = await remove(kind, Number.POSITIVE_INFINITY, when);
      await rehearsal.world[Symbol.asyncDispose]();
      for (let atStep = 0; atStep < rehearsal.steps; atStep++) {
        const { world } = await remove(kind, atStep, when);
        await using _world = world;
        expect((await world.faults()).missing).toEqual([]);
        for await (const _item of world.collection.collect());
        expect(await world.faults()).toEqual(noFaults);
        expect(await world.registry.repositories.objects.listCondemned()).toEqual([]);
        await world.persistence.save(sampleBytes(9, 2), { name: 'model' });
        expect(await world.faults()).toEqual(noFaults);
      }
    },
  );
});

/** Removes a version by a process that dies at one of its steps. */
async function remove(
  kind: RegistryKind,
  atStep: number,
  when: string,
): Promise<{ readonly world: World; readonly steps: number }> {
  const world = await World.make(kind);
  await world.persistence.save(sampleBytes(9, 1), { name: 'model' });
  await world.persistence.save(sampleBytes(9, 2), { name: 'model' });
  let steps = 0;
  const run: RunStep = async (name, work) => {
    const step = steps++;
    const broken = new StorageError({ code: 'unavailable', operation: name, backend: 'memory' });
    if (step > atStep || (step === atStep && when === 'before')) throw broken;
    const result = await work();
    if (step === atStep) throw broken;
    return result;
  };
  const dying = world.beside({
    registry: (registry) => steppingRegistry(registry, run),
    adapter: (adapter) => steppingAdapter(adapter, run),
  });
  await dying.models.deleteVersion('model:2').catch(() => undefined);
  return { world, steps };
}
