import { writeFile } from 'node:fs/promises';
import { type Digest, type JsonValue, type ModelVersion, contentKey } from '@holdfast/domain';
import { encodeSafetensors } from '@holdfast/formats';
import { describe, expect, test } from 'vitest';
import { backUp, restore } from './backup/support.ts';
import { rebuild, withLostRegistry } from './rebuild/support.ts';
import { World, noFaults, registryKinds } from './support/world.ts';

const tensorCount = 12_345;

/** Many small tensors, some with names that JSON escapes, and free text of two megabytes. */
function manyTensors(): Uint8Array {
  const tensors = Array.from({ length: tensorCount }, (_, index) => ({
    name: index % 1_000 === 7 ? `schicht "${index}" 🔩` : `layers.${index}.weight`,
    dtype: index % 2 === 0 ? 'F16' : 'I64',
    shape: [1, 1],
    data: new Uint8Array(index % 2 === 0 ? 2 : 8),
  }));
  return encodeSafetensors({ tensors, metadata: { text: 'ü'.repeat(1_000_000), short: 'a' } });
}

async function listOf(world: World, version: ModelVersion, list: string): Promise<readonly JsonValue[]> {
  const entries: JsonValue[] = [];
  for await (const page of world.persistence.readInspection(version)) {
    expect(page.entries.length).toBeLessThanOrEqual(1_000);
    if (page.list === list) entries.push(...page.entries);
  }
  return entries;
}

function namesOf(entries: readonly JsonValue[]): ReadonlySet<unknown> {
  return new Set(entries.map((entry) => (entry as { readonly name: string }).name));
}

test('a record that could not be restored is refused before anything of it is stored', async () => {
  await using world = await World.make('memory');
  const parameters = Object.fromEntries(
    Array.from({ length: 17 }, (_, index) => [`p${index}`, 'x'.repeat(1_000_000)]),
  );
  const saving = world.persistence.save(Buffer.from('bytes'), { name: 'm', parameters });
  await expect(saving).rejects.toMatchObject({
    field: 'version',
    reason: expect.stringContaining('parameters'),
  });
  expect(await world.faults()).toEqual(noFaults);
  const kept = Object.fromEntries(Object.entries(parameters).slice(0, 15));
  const { version } = await world.persistence.save(Buffer.from('bytes'), { name: 'm', parameters: kept });
  await using restored = await World.make('SQLite');
  await restore(restored, await backUp(world));
  expect((await restored.models.findVersion('m')).parameters).toEqual(kept);
  await using lost = await withLostRegistry(world);
  expect(await rebuild(lost)).toMatchObject({ versionCount: 1, findings: [] });
  expect(version.number).toBe(1);
});

describe.each(registryKinds)('%s', (kind) => {
  test('a record has the beginning of long lists, and an object beside it has all of them', async () => {
    await using world = await World.make(kind);
    const path = world.folder.join('many.safetensors');
    await writeFile(path, manyTensors());
    const { version } = await world.persistence.saveFile(path, { name: 'many' });
    const { inspection = {}, inspectionList } = version;
    expect(JSON.stringify(version).length).toBeLessThan(100_000);
    expect(inspection).toMatchObject({
      summary: { tensorCount, parameterCount: tensorCount },
      cut: { tensors: tensorCount, metadata: 2 },
    });
    expect(inspection['tensors']).toHaveLength(100);
    expect(inspection['metadata']).toMatchObject({ text: `${'ü'.repeat(1_000)}…`, short: 'a' });
    expect(await world.models.findVersion('many')).toEqual(version);
    const tensors = await listOf(world, version, 'tensors');
    expect(tensors.slice(0, 100)).toEqual(inspection['tensors']);
    expect(namesOf(tensors).size).toBe(tensorCount);
    expect(namesOf(tensors)).toContain('schicht "7" 🔩');
    expect(await listOf(world, version, 'metadata')).toEqual([
      ['short', 'a'],
      ['text', 'ü'.repeat(1_000_000)],
    ]);
    expect(await world.needed()).toContain(inspectionList?.digest);
    expect(await Array.fromAsync(world.collection.collect())).toEqual([]);
    expect(await listOf(world, version, 'tensors')).toHaveLength(tensorCount);
    const streamed = await world.persistence.save(manyTensors(), { name: 'many' });
    expect(streamed).toMatchObject({ isDuplicate: true, version: { inspectionList } });
  });

  test('the list survives backup and restore, and a rebuild; verify names the version that misses it', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(manyTensors(), { name: 'many' });
    await using restored = await World.make(kind);
    await restore(restored, await backUp(world));
    expect(await listOf(restored, await restored.models.findVersion('many'), 'tensors')).toHaveLength(
      tensorCount,
    );
    await using lost = await withLostRegistry(world);
    expect(await rebuild(lost)).toMatchObject({ versionCount: 1, findings: [] });
    expect(await lost.faults()).toEqual(noFaults);
    expect(await listOf(lost, await lost.models.findVersion('many'), 'tensors')).toHaveLength(tensorCount);
    const digest = version.inspectionList?.digest as Digest;
    await world.adapter.delete([{ key: contentKey(digest) }]);
    const findings = (await Array.fromAsync(world.verification.verify())).filter(
      ({ state }) => state !== 'intact',
    );
    expect(findings).toMatchObject([{ state: 'missing', affected: [{ reference: 'many:1', part: 'list' }] }]);
  });

  test('a version that has every tensor in its record is read as before', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(manyTensors(), { name: 'many' });
    const tensors = await listOf(world, version, 'tensors');
    const { inspectionList: _list, ...older } = version;
    const whole = { ...older, inspection: { format: 'safetensors', tensors } };
    const pages = await Array.fromAsync(world.persistence.readInspection(whole));
    expect(pages).toEqual([{ list: 'tensors', entries: tensors }]);
  });
});
