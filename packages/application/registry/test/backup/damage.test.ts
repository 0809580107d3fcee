import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type ObjectKey, contentKey } from '@holdfast/domain';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { expectCode } from '../support/expect-code.ts';
import { World, sampleBytes } from '../support/world.ts';
import { backUp, backupServiceOf, damageOf, dumpOf, restore } from './support.ts';

async function filled(): Promise<World> {
  const world = await World.make('memory');
  await world.persistence.save(sampleBytes(700), { name: 'team/a', tags: { stage: 'dev' } });
  await world.persistence.save(sampleBytes(700), { name: 'b' });
  await world.persistence.save(sampleBytes(90, 2), { name: 'b' });
  await world.models.moveAlias('b', 'best', { to: 2 });
  return world;
}

/** Replaces the stored bytes of an object by others of the same length. */
async function damage(world: World, key: ObjectKey): Promise<void> {
  const info = await world.adapter.head(key);
  await world.adapter.put(key, Buffer.alloc(info?.sizeBytes ?? 0, 'x'));
}

async function expectUntouched(world: World): Promise<void> {
  expect(await dumpOf(world.registry)).toEqual([]);
  expect((await Array.fromAsync(world.adapter.list())).flatMap(({ objects }) => objects)).toEqual([]);
}

test('a backup that is cut short anywhere is refused, and nothing is changed', async () => {
  await using world = await filled();
  const backup = await backUp(world);
  await using other = await World.make('memory');
  for (let length = 0; length < backup.byteLength; length += 61)
    await expectCode(restore(other, backup.subarray(0, length)), 'corrupt');
  for (const length of [backup.byteLength - 1, backup.byteLength - 512, backup.byteLength - 1_024])
    await expectCode(restore(other, backup.subarray(0, length)), 'corrupt');
  await expectUntouched(other);
  await restore(other, backup);
});

test('a backup of which any bit was changed is refused, and nothing is changed', async () => {
  await using world = await filled();
  const backup = await backUp(world);
  await using other = await World.make('memory');
  for (let position = 0; position < backup.byteLength; position += 37) {
    const changed = Buffer.from(backup);
    changed[position] = (changed[position] ?? 0) ^ (1 << (position % 8));
    const refusal = await restore(other, changed).then(
      () => `byte ${position} was believed`,
      (error: unknown) => (error as { readonly code?: string }).code,
    );
    expect(['corrupt', 'unsupported']).toContain(refusal);
  }
  await expectUntouched(other);
}, 60_000);

test('what was altered is named; what stands after the end too', async () => {
  await using world = await filled();
  const backup = await backUp(world);
  await using other = await World.make('memory');
  const flipped = (text: string, shift: number): Buffer => {
    const copy = Buffer.from(backup);
    const at = copy.indexOf(text) + shift;
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  const key = contentKey((await world.models.findVersion('b:2')).storage.checksum);
  await expect(restore(other, flipped(`${key}\0`, 512))).rejects.toThrow(key);
  await expect(restore(other, flipped('registry.jsonl\0', 520))).rejects.toThrow(
    'registry.jsonl was altered',
  );
  await expect(restore(other, flipped('"registryId"', 20))).rejects.toThrow('holdfast-backup.json');
  await expect(restore(other, Buffer.concat([backup, Buffer.from('x')]))).rejects.toThrow('after its end');
  await expect(restore(other, Buffer.from('some file'.repeat(200)))).rejects.toThrow(
    'byte 0 was altered, or it is not a backup',
  );
  await expect(restore(other, Buffer.from('some file'))).rejects.toThrow('9 bytes, or it is not a backup');
  const newer = Buffer.from(
    backup.toString('latin1').replace('holdfast-backup-2', 'holdfast-backup-3'),
    'latin1',
  );
  await expectCode(restore(other, newer), 'unsupported');
  await restore(other, Buffer.concat([backup, Buffer.alloc(9_000)]));
});

test('a damaged backup from a pipe makes nothing visible, and can be followed by a good one', async () => {
  await using world = await filled();
  const backup = await backUp(world);
  await using other = await World.make('SQLite');
  await expectCode(restore(other, backup.subarray(0, -700), { isPipe: true }), 'corrupt');
  expect(await dumpOf(other.registry)).toEqual([]);
  await restore(other, backup, { isPipe: true });
  expect(await dumpOf(other.registry)).toEqual(await dumpOf(world.registry));
});

test('a damaged object makes a backup fail with the versions that need it', async () => {
  await using world = await filled();
  const key = contentKey((await world.models.findVersion('team/a')).storage.checksum);
  await damage(world, key);
  const failing = backUp(world);
  await expect(failing).rejects.toThrow('b:1, team/a:1 need the object');
  await expectCode(failing, 'checksum-mismatch');
  expect(await world.registry.repositories.objects.listCondemned()).toEqual([]);
});

test.each(['damaged', 'missing'])(
  'a %s object can be left out, is named, and is known as damaged after it is restored',
  async (how) => {
    await using world = await filled();
    const { checksum } = (await world.models.findVersion('team/a')).storage;
    if (how === 'damaged') await damage(world, contentKey(checksum));
    else await world.adapter.delete([{ key: contentKey(checksum) }]);
    await using backup = await backupServiceOf(world).open({ skipDamaged: true });
    expect(backup.skipped).toEqual([
      {
        digest: checksum,
        reason: expect.stringContaining(contentKey(checksum)),
        affected: ['b:1', 'team/a:1'],
      },
    ]);
    const bytes = Buffer.concat(await Array.fromAsync(backup.chunks(), (chunk) => Buffer.from(chunk)));
    await using other = await World.make('memory');
    expect((await restore(other, bytes)).missing).toEqual([checksum]);
    expect(await damageOf(other)).toEqual([
      expect.objectContaining({ digest: checksum, state: 'missing', affected: ['b:1', 'team/a:1'] }),
    ]);
    await other.persistence.save(sampleBytes(700), { name: 'again' });
    expect(await damageOf(other)).toEqual([]);
  },
);

describe('for people without Holdfast', () => {
  test('tar lists and unpacks it, and sha256sum checks it', async () => {
    await using world = await filled();
    const backup = await backUp(world);
    await using folder = await TemporaryFolder.make();
    await writeFile(folder.join('backup.hfb'), backup);
    const list = spawnSync('tar', ['tf', folder.join('backup.hfb')], { encoding: 'utf8' });
    expect(list.stderr).toBe('');
    const names = list.stdout.trim().split('\n');
    const keys = (await world.keys()).toSorted();
    expect(names).toEqual(['holdfast-backup.json', 'registry.jsonl', 'objects.jsonl', ...keys, 'SHA256SUMS']);
    spawnSync('tar', ['xf', 'backup.hfb'], { cwd: folder.path });
    const check = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], {
      cwd: folder.path,
      encoding: 'utf8',
    });
    expect(check.status, check.stderr).toBe(0);
    expect(check.stdout.trim().split('\n')).toHaveLength(names.length - 1);
    const copy = backup.subarray(backup.indexOf(`${keys[0]}\0`) + 512);
    const size = (await world.adapter.head(keys[0] as ObjectKey))?.sizeBytes ?? 0;
    expect(createHash('sha256').update(copy.subarray(0, size)).digest('hex')).toBe(keys[0]?.slice(-64));
  });
});
