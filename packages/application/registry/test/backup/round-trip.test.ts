import { VersionStatus } from '@holdfast/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { someFiles, writeFolder } from '../support/folders.ts';
import { World, noFaults, registryKinds, sampleBytes } from '../support/world.ts';
import { backUp, damageOf, dumpOf, restore } from './support.ts';

const names = ['team/a', 'b', 'gone'] as const;

const step = fc.oneof(
  fc.record({
    kind: fc.constant('save' as const),
    name: fc.constantFrom(...names),
    seed: fc.nat(4),
    tag: fc.string({ maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('alias' as const),
    name: fc.constantFrom(...names),
    to: fc.option(fc.nat(3)),
  }),
  fc.record({ kind: fc.constant('deprecate' as const), name: fc.constantFrom(...names) }),
  fc.record({ kind: fc.constant('delete' as const), name: fc.constantFrom(...names), number: fc.nat(4) }),
  fc.record({ kind: fc.constant('delete model' as const), name: fc.constant('gone' as const) }),
  fc.record({ kind: fc.constant('reserve' as const), name: fc.constantFrom(...names) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(world: World, one: Step): Promise<void> {
  world.nowMs += 1_000;
  const { models, persistence, registry } = world;
  const { repositories } = registry;
  switch (one.kind) {
    case 'save': {
      const tags = { stage: one.tag };
      const lineage = [{ relation: 'derived-from', to: { kind: 'external', id: 'x:y' } }] as const;
      const options = {
        name: one.name,
        tags,
        metrics: { loss: one.seed / 3 },
        lineage,
        format: 'binary',
      } as const;
      await persistence.save(sampleBytes(50 + one.seed, one.seed), options);
      return;
    }
    case 'alias': {
      const model = await repositories.models.findByName(one.name);
      const to = one.to ?? undefined;
      if (model === undefined) return;
      const before = await repositories.aliases.find(model.id, 'best');
      await repositories.aliases.move({
        modelId: model.id,
        name: 'best',
        to,
        expectedRevision: before?.revision ?? 0,
        now: new Date(world.nowMs).toISOString(),
      });
      return;
    }
    case 'deprecate':
      await models.changeStatus(one.name, VersionStatus.Deprecated).catch(() => undefined);
      return;
    case 'delete':
      await models.deleteVersion(`${one.name}:${one.number + 1}`).catch(() => undefined);
      return;
    case 'delete model':
      await models.deleteModel(one.name).catch(() => undefined);
      return;
    case 'reserve':
      await repositories.models.reserveNumber(one.name);
  }
}

describe.each(registryKinds)('%s', (kind) => {
  test('any registry comes back as it was, into a registry of another kind and another store of the same name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await using world = await World.make(kind);
        for (const one of steps) await take(world, one);
        const backup = await backUp(world);
        await using other = await World.make(kind === 'memory' ? 'SQLite' : 'memory');
        other.nowMs = world.nowMs;
        await restore(other, backup);
        expect(await dumpOf(other.registry)).toEqual(await dumpOf(world.registry));
        expect(await damageOf(other)).toEqual([]);
        expect((await other.faults()).missing).toEqual([]);
        expect((await other.faults()).superfluous).toEqual([]);
        for (const name of names)
          expect(await other.registry.repositories.models.reserveNumber(name)).toBe(
            await world.registry.repositories.models.reserveNumber(name),
          );
      }),
      { numRuns: 15 },
    );
  });

  test('folders and files come back byte for byte; nothing is left over in either', async () => {
    await using world = await World.make(kind, { store: 'filesystem' });
    await writeFolder(world.folder.join('tree'), someFiles);
    await world.persistence.saveFolder(world.folder.join('tree'), { name: 'tree' });
    await world.persistence.save(sampleBytes(300_000), { name: 'large' });
    const present = await world.folder.names();
    const backup = await backUp(world);
    expect(await world.folder.names()).toEqual(present);
    expect(await world.collection.collect({ isDryRun: true })[Symbol.asyncIterator]().next()).toMatchObject({
      done: true,
    });
    await using other = await World.make(kind, { store: 'filesystem' });
    const report = await restore(other, backup);
    expect(report).toMatchObject({ missing: [], isTakenOver: false, summary: { versionCount: 2 } });
    expect(await other.faults()).toEqual(noFaults);
    const loaded = await other.persistence.load(await other.models.findVersion('large'));
    expect(Buffer.from(loaded).equals(sampleBytes(300_000))).toBe(true);
    expect(await Array.fromAsync(other.collection.collect())).toEqual([]);
  });

  test('a backup of nothing restores to nothing', async () => {
    await using world = await World.make(kind);
    await using other = await World.make(kind);
    await restore(other, await backUp(world));
    expect(await dumpOf(other.registry)).toEqual([]);
  });
});
