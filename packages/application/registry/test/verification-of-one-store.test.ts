import { contentKey } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { TwoStores, storeKinds } from './support/two-stores.ts';
import { sampleBytes } from './support/world.ts';

describe.each(storeKinds)('%s', (kind) => {
  test('what lies in one store is looked at without the others', async () => {
    await using world = await TwoStores.make(kind);
    const { version } = await world.persistence.save(sampleBytes(300), { name: 'model', format: 'binary' });
    await world.persistence.save(sampleBytes(40_000, 2), { name: 'other', format: 'binary' });
    await world.mirror({ isRegistered: true });
    const digest = version.storage.checksum;
    for (const adapter of [world.main, world.spare]) await adapter.delete([{ key: contentKey(digest) }]);

    const inSpare = (await world.locations()).filter(({ storeName }) => storeName === 'spare');
    const totals: number[] = [];
    const store = 'spare';
    const looked = await world.verify({ store, onProgress: ({ totalCount }) => totals.push(totalCount) });
    expect(looked.map(({ storeName }) => storeName)).toEqual(inSpare.map(() => 'spare'));
    expect(new Set(totals)).toEqual(new Set([inSpare.length]));
    expect(await world.damage({ store })).toMatchObject([{ digest, state: 'missing', storeName: 'spare' }]);
    expect(await world.damage({ store, version: 'model' })).toMatchObject([{ digest, storeName: 'spare' }]);
    expect(await world.damage({ store, version: 'other' })).toEqual([]);
    expect(await world.damage()).toHaveLength(2);
    await world.registry.repositories.objects.deleteLocation(digest, 'main');
    await world.registry.repositories.objects.deleteLocation(digest, 'spare');
    expect(await world.damage({ store })).toEqual([]);
    expect(await world.damage()).toMatchObject([{ digest, state: 'unlocated' }]);
  });

  test('a store that is not configured is refused before anything is read', async () => {
    await using world = await TwoStores.make(kind);
    const error = await expectCode(world.verify({ store: 'attic' }), 'invalid-configuration');
    expect(error.message).toContain('attic');
  });
});
