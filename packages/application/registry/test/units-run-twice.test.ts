import { describe, expect, test } from 'vitest';
import { backUp, damageOf, dumpOf, restore } from './backup/support.ts';
import { runningTwice } from './support/running-twice.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

describe.each(registryKinds)('a registry in %s that runs every unit of work twice', (kind) => {
  test('has what one that runs it once has, after saving, naming, removing, collecting and restoring', async () => {
    await using world = await World.make(kind, { registry: runningTwice });
    for (const seed of [1, 2, 3]) await world.persistence.save(sampleBytes(3_000, seed), { name: 'm' });
    await world.models.moveAlias('m', 'champion', { to: 2 });
    await world.models.tagVersion('m:2', { set: { stage: 'prod' } });
    await world.models.deleteVersion('m:1');
    expect((await world.models.listVersions('m')).map(({ number }) => number)).toEqual([3, 2]);
    expect(await world.models.findVersion('m@champion')).toMatchObject({
      number: 2,
      tags: { stage: 'prod' },
      history: [{ field: 'tag', to: 'prod' }],
    });
    expect(await world.faultsCollected()).toEqual(noFaults);
    expect(await damageOf(world)).toEqual([]);
    const bytes = await backUp(world);
    await using other = await World.make(kind, { registry: runningTwice });
    await restore(other, bytes);
    expect(await dumpOf(other.registry)).toEqual(await dumpOf(world.registry));
  });
});
