import { InvalidValueError, ScanVerdict, VersionStatus, utcTimestamp } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { type RegistryKind, World, registryKinds, sampleBytes } from './support/world.ts';

async function makeVersions(kind: RegistryKind, count = 3): Promise<World> {
  const world = await World.make(kind);
  for (let index = 0; index < count; index++)
    await world.persistence.save(sampleBytes(9, index), { name: 'model' });
  return world;
}

describe.each(registryKinds)('%s', (kind) => {
  test('an alias is made, moved and removed, and every move is kept', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    const made = await models.moveAlias('model', 'champion', { to: 1 });
    expect(made).toMatchObject({
      from: undefined,
      alias: { name: 'champion', number: 1, revision: 1 },
      warnings: [],
    });
    world.nowMs += 1_000;
    expect(await models.moveAlias('model', 'champion', { to: 3 })).toMatchObject({
      from: 1,
      alias: { number: 3 },
    });
    expect(await models.findVersion('model@champion')).toMatchObject({ number: 3 });
    expect(await models.listAliases('model')).toMatchObject([{ name: 'champion', number: 3 }]);
    expect((await models.describeVersion('model:3')).aliases).toMatchObject([{ name: 'champion' }]);
    expect((await models.describeVersion('model:1')).aliases).toEqual([]);
    expect(await models.removeAlias('model', 'champion')).toBe(true);
    expect(await models.removeAlias('model', 'champion')).toBe(false);
    await models.moveAlias('model', 'champion', { to: 2 });
    const history = await models.aliasHistory('model', 'champion');
    expect(history.map(({ from, to }) => [from, to])).toEqual([
      [undefined, 1],
      [1, 3],
      [3, undefined],
      [undefined, 2],
    ]);
    expect(history[1]?.at).toBe(utcTimestamp(world.nowMs));
  });

  test('an alias moves only from where it is expected', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    await expectCode(models.moveAlias('model', 'champion', { to: 1, expected: 2 }), 'precondition-failed');
    await models.moveAlias('model', 'champion', { to: 1, expected: 0 });
    const error = await expectCode(
      models.moveAlias('model', 'champion', { to: 2, expected: 0 }),
      'precondition-failed',
    );
    expect(error.message).toContain('points to version 1');
    await expectCode(models.moveAlias('model', 'champion', { to: 2, expected: 3 }), 'precondition-failed');
    await models.moveAlias('model', 'champion', { to: 2, expected: 1 });
    await expectCode(models.removeAlias('model', 'champion', { expected: 1 }), 'precondition-failed');
    expect(await models.removeAlias('model', 'champion', { expected: 2 })).toBe(true);
    expect(await models.removeAlias('model', 'champion', { expected: 0 })).toBe(false);
    expect(await models.aliasHistory('model', 'champion')).toHaveLength(3);
  });

  test('of many that move an alias from one place at once, one wins', async () => {
    await using world = await makeVersions(kind);
    await world.models.moveAlias('model', 'champion', { to: 1 });
    for (let round = 0; round < 5; round++) {
      const { number } = await world.models.findVersion('model@champion');
      const others = [1, 2, 3].filter((other) => other !== number);
      const moves = Array.from({ length: 6 }, (_, index) =>
        world.models.moveAlias('model', 'champion', { to: others[index % 2] as number, expected: number }),
      );
      const outcomes = await Promise.allSettled(moves);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'precondition-failed' });
      }
    }
    expect(await world.models.aliasHistory('model', 'champion')).toHaveLength(6);
  });

  test('an alias never points to what is archived, quarantined or not there, nor has the name of a version', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    for (const name of ['latest', 'LATEST', 'v1', '3', '', 'a b', 'a@b']) {
      await expect(models.moveAlias('model', name, { to: 1 })).rejects.toBeInstanceOf(InvalidValueError);
    }
    await expectCode(models.moveAlias('model', 'champion', { to: 9 }), 'not-found');
    await expectCode(models.moveAlias('nobody', 'champion', { to: 1 }), 'not-found');
    await models.changeStatus('model:1', VersionStatus.Deprecated);
    await models.moveAlias('model', 'old', { to: 1 });
    await models.removeAlias('model', 'old');
    await models.changeStatus('model:1', VersionStatus.Archived);
    await expect(models.moveAlias('model', 'champion', { to: 1 })).rejects.toThrow(/archived/);
    await models.changeVerdict('model:2', ScanVerdict.Dangerous);
    await expect(models.moveAlias('model', 'champion', { to: 2 })).rejects.toThrow(/quarantined/);
    expect(await models.listAliases('model')).toEqual([]);
    expect(await models.aliasHistory('model', 'champion')).toEqual([]);
  });

  test('a version to which an alias points is not archived, and may be deprecated', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    for (const alias of ['champion', 'staging']) await models.moveAlias('model', alias, { to: 1 });
    await models.changeStatus('model:1', VersionStatus.Deprecated);
    const error = await expectCode(
      models.changeStatus('model:1', VersionStatus.Archived),
      'permission-denied',
    );
    expect(error.message).toContain('model:1 cannot be archived: the alias champion, staging points to it');
    expect(error.hint).toContain('holdfast alias model champion --remove');
    expect(await models.findVersion('model@champion')).toMatchObject({ number: 1, status: 'deprecated' });
    for (const alias of ['champion', 'staging']) await models.moveAlias('model', alias, { to: 2 });
    expect(await models.changeStatus('model:1', VersionStatus.Archived)).toMatchObject({
      status: 'archived',
    });
  });

  test.each([ScanVerdict.Dangerous, ScanVerdict.Unscannable])(
    'aliases of a version that is found %s are removed with a warning, and their histories have it',
    async (verdict) => {
      await using world = await makeVersions(kind);
      const { models } = world;
      for (const alias of ['champion', 'staging']) await models.moveAlias('model', alias, { to: 1 });
      await models.moveAlias('model', 'other', { to: 2 });
      const changed = await models.changeVerdict('model:1', verdict, { reason: 'os.system' });
      expect(changed).toMatchObject({ version: { verdict }, removedAliases: ['champion', 'staging'] });
      expect(changed.warnings[0]).toContain(`model@champion was removed: model:1`);
      expect(await models.listAliases('model')).toMatchObject([{ name: 'other', number: 2 }]);
      expect((await models.aliasHistory('model', 'champion')).at(-1)).toMatchObject({ from: 1, by: 'ana' });
      const safe = await models.changeVerdict('model:2', ScanVerdict.Safe);
      expect(safe).toMatchObject({ removedAliases: [], warnings: [] });
    },
  );

  test('histories of aliases, tags and statuses name who changed what', async () => {
    await using world = await makeVersions(kind);
    const { models } = world;
    await models.moveAlias('model', 'champion', { to: 1 });
    await models.tagVersion('model:1', { set: { stage: 'gold' } });
    await models.tagVersion('model:1', { set: { stage: 'silver' }, remove: ['none'] });
    await models.changeStatus('model:1', VersionStatus.Deprecated);
    await models.tagModel('model', { set: { team: 'a' } });
    const { version, model } = await models.describeVersion('model:1');
    const who = { at: utcTimestamp(world.nowMs), by: 'ana' };
    expect(version.history).toEqual([
      { ...who, field: 'tag', tag: 'stage', to: 'gold' },
      { ...who, field: 'tag', tag: 'stage', from: 'gold', to: 'silver' },
      { ...who, field: 'status', from: 'ready', to: 'deprecated' },
    ]);
    expect(model.history).toEqual([{ ...who, field: 'tag', tag: 'team', to: 'a' }]);
    expect(await models.aliasHistory('model', 'champion')).toMatchObject([{ to: 1, ...who }]);
  });
});
