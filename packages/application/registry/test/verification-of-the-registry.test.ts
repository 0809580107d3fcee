import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { World } from './support/world.ts';

async function damaged(world: World, options: { readonly repairRecords?: boolean } = {}) {
  const found = await Array.fromAsync(world.verification.verify(options));
  return found.filter(({ state }) => state !== 'intact');
}

function change(world: World, sql: string): void {
  const database = new DatabaseSync(world.folder.join('registry.db'));
  database.exec(sql);
  database.close();
}

const altered = (column: string, from: string, to: string): string =>
  `update model_versions set ${column} = replace(${column}, '${from}', '${to}') where number = 1`;

async function filled(): Promise<World> {
  const world = await World.make('SQLite');
  await world.persistence.save(Buffer.from('one'), {
    name: 'model',
    metrics: { accuracy: 0.97123 },
    tags: { a: '1' },
  });
  await world.persistence.save(Buffer.from('two'), { name: 'model' });
  return world;
}

test.each([
  ['a metric', altered('document', '0.97123', '0.17123')],
  ['the name of a field, so that it is no version any more', altered('document', '"storage"', '"stprage"')],
  ['what makes it JSON', altered('document', '{"', '["')],
])('a version of which %s was altered is named, and becomes what it was', async (_, sql) => {
  await using world = await filled();
  const before = await world.models.findVersion('model:1');
  expect(await damaged(world)).toEqual([]);
  change(world, sql);
  const affected = [{ reference: 'model:1', model: 'model', number: 1, part: 'registry' }];
  expect(await damaged(world)).toMatchObject([{ state: 'damaged', affected }]);
  const repair = { isRepaired: true, source: 'its manifest' };
  expect(await damaged(world, { repairRecords: true })).toMatchObject([{ affected, repair }]);
  expect(await world.models.findVersion('model:1')).toEqual(before);
  expect(await damaged(world)).toEqual([]);
});

test('a version whose tags changed since is repaired with them, and its damaged tags are not', async () => {
  await using world = await filled();
  await world.models.tagVersion('model:1', { set: { stage: 'gold' } });
  const before = await world.models.findVersion('model:1');
  change(world, altered('document', '0.97123', '0.17123'));
  expect(await damaged(world, { repairRecords: true })).toMatchObject([{ repair: { isRepaired: true } }]);
  expect(await world.models.findVersion('model:1')).toEqual(before);
  change(world, altered('document', 'gold', 'golf'));
  const [finding] = await damaged(world, { repairRecords: true });
  expect(finding?.repair).toMatchObject({ isRepaired: false, reason: expect.stringContaining('tags') });
  expect(await damaged(world)).toHaveLength(1);
});

test('a version that was altered before there were checksums differs from its manifest, and is repaired by it', async () => {
  await using world = await filled();
  const version = await world.models.findVersion('model:1');
  const wrong = { ...version, metrics: { accuracy: 0.17 } };
  expect(await world.registry.repositories.archive.mendVersion(wrong, 'checksum')).toBe(false);
  expect(await world.registry.repositories.archive.mendVersion(wrong, 'manifest')).toBe(true);
  expect(await damaged(world)).toMatchObject([
    {
      record: 'version model:1',
      reason: expect.stringContaining('metrics'),
      affected: [{ reference: 'model:1' }],
    },
  ]);
  expect(await damaged(world, { repairRecords: true })).toMatchObject([{ repair: { isRepaired: true } }]);
  expect(await world.models.findVersion('model:1')).toEqual(version);
  expect(await damaged(world)).toEqual([]);
});

test('a damaged alias names the version that it points to, and no manifest repairs it', async () => {
  await using world = await filled();
  await world.models.moveAlias('model', 'champion', { to: 1 });
  change(world, 'update aliases set number = 2');
  const findings = await damaged(world, { repairRecords: true });
  expect(findings).toMatchObject([
    { record: 'the alias champion', affected: [{ reference: 'model:2' }], repair: { isRepaired: false } },
  ]);
});
