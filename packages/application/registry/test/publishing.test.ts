import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  ModelStorageInfo,
  type ModelVersion,
  type ObjectKey,
  utcTimestamp,
  contentKey,
} from '@holdfast/domain';
import { sampleClassifier } from '@holdfast/formats';
import { versionManifestContentType, versionManifestLayout } from '@holdfast/registry';
import { type TransferProgress } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

const { onnx, safetensors } = sampleClassifier(1);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.each(registryKinds)('%s', (kind) => {
  test('a version holds what was said and what was found out', async () => {
    await using world = await World.make(kind);
    const path = world.folder.join('model.onnx');
    await writeFile(path, onnx);
    const lineage = [{ relation: 'trained-on', to: { kind: 'external', id: 's3://data' } }] as const;
    const said = {
      tags: { stage: 'dev' },
      metrics: { accuracy: 0.9 },
      parameters: { depth: '3' },
      lineage,
      sourceName: 'model.onnx',
    };
    const { version, isDuplicate, warnings } = await world.persistence.saveFile(path, {
      name: 'team/model',
      ...said,
    });
    expect({ isDuplicate, warnings }).toEqual({ isDuplicate: false, warnings: [] });
    expect(version).toMatchObject({
      ...said,
      modelName: 'team/model',
      number: 1,
      status: 'ready',
      verdict: 'unscanned',
      revision: 1,
    });
    expect(version).toMatchObject({
      artifactKind: 'file',
      fileCount: 1,
      totalSizeBytes: onnx.byteLength,
      history: [],
    });
    expect(version.createdAt).toBe(utcTimestamp(world.nowMs));
    expect(version.storage).toMatchObject({ format: 'onnx', storeName: 'main', sizeBytes: onnx.byteLength });
    expect(version.storage.checksum).toBe(`sha256:${createHash('sha256').update(onnx).digest('hex')}`);
    expect(version.signature?.inputs).toMatchObject([{ elementType: 'float32', shape: ['batch', 8] }]);
    expect(version.inspection).toMatchObject({ format: 'onnx' });
    expect(await world.models.findVersion('team/model')).toEqual(version);
    expect(await world.faults()).toEqual(noFaults);
  });

  test('the manifest beside the bytes says again what the version is', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(onnx, {
      name: 'model',
      tags: { a: 'ü' },
      metrics: { x: 1e-9 },
    });
    const key = 'versions/model/@0000000001' as ObjectKey;
    await using reader = await world.adapter.get(key);
    expect(reader?.info.contentType).toBe(versionManifestContentType);
    const chunks = await Array.fromAsync(reader?.body ?? [], (chunk) => Buffer.from(chunk));
    const manifest = JSON.parse(Buffer.concat(chunks).toString()) as {
      layout: string;
      version: ModelVersion;
    };
    expect(manifest).toMatchObject({
      layout: versionManifestLayout,
      registryId: await world.registry.registryId(),
      versionId: version.id,
      name: 'model',
      number: 1,
    });
    const read = { ...manifest.version, storage: ModelStorageInfo.of(manifest.version.storage) };
    expect(read).toEqual({ ...version, revision: 0 });
    expect(version.manifestDigest).toBeUndefined();
  });

  test('every form of bytes gives the same version content, numbered in turn', async () => {
    await using world = await World.make(kind);
    const path = world.folder.join('file');
    await writeFile(path, safetensors);
    const { persistence } = world;
    const saved = [
      await persistence.save(safetensors, { name: 'model' }),
      await persistence.save(once(safetensors), { name: 'model' }),
      await persistence.save(Readable.from([Buffer.from(safetensors)]), { name: 'model' }),
      await persistence.saveFile(path, { name: 'model' }),
    ];
    expect(saved.map(({ version }) => version.number)).toEqual([1, 2, 3, 4]);
    expect(saved.map(({ isDuplicate }) => isDuplicate)).toEqual([false, true, true, true]);
    for (const { version } of saved) {
      expect(version.storage.equals((saved[0] as (typeof saved)[0]).version.storage)).toBe(true);
      expect(Buffer.compare(await persistence.load(version), safetensors)).toBe(0);
    }
    expect(await world.faults()).toEqual(noFaults);
  });

  test('what is known of the bytes that are there already is kept', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(onnx, { name: 'model' });
    const { objects } = world.registry.repositories;
    const first = await objects.findLocations(version.storage.checksum);
    expect(first).toMatchObject([{ verifiedAt: utcTimestamp(world.nowMs), state: 'verified' }]);
    world.nowMs += 1_000;
    await world.persistence.save(onnx, { name: 'model' });
    expect(await objects.findLocations(version.storage.checksum)).toEqual(first);
  });

  test('damage that was found is repaired by the next save of the same bytes, and only then', async () => {
    await using world = await World.make(kind);
    const { version } = await world.persistence.save(onnx, { name: 'model' });
    const { objects } = world.registry.repositories;
    const [location] = await objects.findLocations(version.storage.checksum);
    await objects.putLocation({ ...(location as NonNullable<typeof location>), state: 'corrupt' });
    const { etag } = (await world.adapter.head(contentKey(version.storage.checksum))) ?? {};
    world.nowMs += 1_000;
    const again = await world.persistence.save(onnx, { name: 'model' });
    expect(again.isDuplicate).toBe(false);
    expect((await world.adapter.head(contentKey(version.storage.checksum)))?.etag).not.toBe(etag);
    expect(await objects.findLocations(version.storage.checksum)).toMatchObject([
      { state: 'verified', verifiedAt: utcTimestamp(world.nowMs) },
    ]);
  });

  test('twenty savers of a new model at once make one model, with twenty versions', async () => {
    await using world = await World.make(kind);
    const savers = Array.from({ length: 20 }, (_, index) =>
      world.persistence.save(sampleBytes(20, index % 5), { name: 'model' }),
    );
    const numbers = (await Promise.all(savers)).map(({ version }) => version.number);
    expect(new Set(numbers).size).toBe(20);
    expect((await world.models.listModels()).items).toMatchObject([{ versionCount: 20 }]);
    for (const version of await world.versions())
      expect(version.modelId).toBe((await world.models.findModel('model')).id);
    expect(await world.faults()).toEqual(noFaults);
  });

  test('a model that is removed while its version is saved is made anew', async () => {
    await using world = await World.make(kind);
    await world.persistence.save(sampleBytes(10), { name: 'model' });
    let isRemoved = false;
    const slow = world.beside({
      adapter: (adapter) =>
        overriding(adapter, {
          put: async (...parameters) => {
            const info = await adapter.put(...parameters);
            if (!isRemoved && info.contentType === versionManifestContentType) {
              isRemoved = true;
              await world.models.deleteModel('model');
            }
            return info;
          },
        }),
    });
    const { version } = await slow.persistence.save(sampleBytes(20), { name: 'model' });
    expect(isRemoved).toBe(true);
    expect(version.number).toBe(3);
    expect(await world.models.describeVersion('model')).toMatchObject({
      version: { id: version.id },
      model: { id: version.modelId },
    });
    expect(await world.faults()).toEqual(noFaults);
  });

  test('a collection that ignores leases is noticed: what can be read again is sent again, a stream is refused', async () => {
    await using world = await World.make(kind);
    let isCollected = false;
    const slow = world.beside({
      adapter: (adapter) =>
        overriding(adapter, {
          put: async (...parameters) => {
            const info = await adapter.put(...parameters);
            if (!isCollected && info.contentType === versionManifestContentType) {
              isCollected = true;
              for await (const _item of world.collection.collect({ areLeasesIgnored: true }));
            }
            return info;
          },
        }),
    });
    const error = await expectCode(
      slow.persistence.save(once(sampleBytes(20)), { name: 'model' }),
      'unavailable',
    );
    expect(error.retry).toBe('temporary');
    expect(await world.versions()).toEqual([]);
    expect(await world.faults()).toEqual(noFaults);
    isCollected = false;
    await slow.persistence.save(sampleBytes(20), { name: 'model' });
    expect(await world.faults()).toEqual(noFaults);
  });

  test('progress is that of the bytes alone', async () => {
    await using world = await World.make(kind);
    const told: TransferProgress[] = [];
    const bytes = sampleBytes(3_000_000);
    await world.persistence.save(bytes, { name: 'model', onProgress: (progress) => told.push(progress) });
    expect(told.map((one) => one.bytes)).toEqual(told.map((one) => one.bytes).toSorted((x, y) => x - y));
    expect(told.at(-1)).toEqual({ phase: 'write', bytes: 3_000_000, totalBytes: 3_000_000 });
  });
});
