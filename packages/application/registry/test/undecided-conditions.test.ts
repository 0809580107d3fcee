import type { StorageCondition } from '@holdfast/ports';
import { StoreClaim, claimKey } from '@holdfast/registry';
import { expect, test } from 'vitest';
import { overriding } from './support/overriding.ts';
import { World, sampleBytes } from './support/world.ts';

/** A store whose server is found not to decide these conditions; until then they are declared. */
function undeciding(undecided: readonly StorageCondition[]): Promise<World> {
  return World.make('memory', {
    adapter: (adapter) => {
      let { capabilities } = adapter;
      return overriding(adapter, {
        get capabilities() {
          return capabilities;
        },
        proveConditions: async () => {
          const withdrawn = Object.fromEntries(undecided.map((condition) => [condition, false]));
          capabilities = { ...capabilities, ...withdrawn };
          return undecided;
        },
      });
    },
  });
}

test.each([['createIfAbsent'], ['replaceIfMatch']] as const)(
  'a store whose server does not decide %s is used without a claim and never collected',
  async (condition) => {
    await using world = await undeciding([condition]);
    const { version } = await world.persistence.save(sampleBytes(10), { name: 'model' });
    expect(await world.adapter.head(claimKey)).toBeUndefined();
    const [item] = await Array.fromAsync(world.collection.collect());
    expect(item).toMatchObject({ outcome: 'kept', reason: expect.stringContaining('claimed') as string });
    expect((await world.models.deleteVersion('model:1')).reclaimed).toEqual([]);
    expect(await world.storage.exists(version.storage)).toBe(true);
  },
);

test.each([['collected'], ['removed from']])(
  'a store that was claimed before its server was known not to decide deletions is not %s',
  async (how) => {
    await using world = await undeciding(['deleteIfMatch']);
    await world.adapter.put(
      claimKey,
      Buffer.from(JSON.stringify({ registryId: await world.registry.registryId() })),
    );
    const { version } = await world.persistence.save(sampleBytes(10), { name: 'model' });
    expect(await new StoreClaim(world.registry, world.storage).owner('main')).toBe('ours');
    if (how === 'removed from') expect((await world.models.deleteVersion('model:1')).reclaimed).toEqual([]);
    else {
      const orphan = await world.storage.save(sampleBytes(30), { format: 'binary' });
      const [item] = await Array.fromAsync(world.collection.collect());
      expect(item).toMatchObject({
        outcome: 'kept',
        reason: expect.stringContaining('never collected') as string,
      });
      expect(await world.storage.exists(orphan)).toBe(true);
    }
    expect(await world.storage.exists(version.storage)).toBe(true);
  },
);
