import { ScanVerdict, changeVerdict, utcTimestamp } from '@holdfast/domain';
import { sampleClassifier } from '@holdfast/formats';
import type { TransferProgress } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { World } from './support/world.ts';

const { onnx } = sampleClassifier(1);
/** What Python writes for `pickle.dumps({})`. */
const pickle = Uint8Array.from([0x80, 4, 0x7d, 0x94, 0x2e]);

describe('loading', () => {
  test('gives the bytes as a whole, as chunks and as a file, with progress', async () => {
    await using world = await World.make('memory');
    const { version } = await world.persistence.save(onnx, { name: 'model' });
    const told: TransferProgress[] = [];
    const onProgress = (progress: TransferProgress): void => void told.push(progress);
    const chunks = [];
    for await (const chunk of world.persistence.read(version, { onProgress }))
      chunks.push(Uint8Array.from(chunk));
    expect(Buffer.compare(Buffer.concat(chunks), onnx)).toBe(0);
    const out = world.folder.join('out');
    await world.persistence.loadToPath(version, out, { onProgress });
    expect(told.at(-1)).toEqual({ phase: 'read', bytes: onnx.byteLength, totalBytes: onnx.byteLength });
    await expect(world.persistence.loadToPath(version, out)).rejects.toMatchObject({ code: 'EEXIST' });
    await world.persistence.loadToPath(version, out, { overwrite: true });
  });

  test.each([ScanVerdict.Dangerous, ScanVerdict.Unscannable])('refuses what is %s', async (verdict) => {
    await using world = await World.make('memory');
    const { version } = await world.persistence.save(onnx, { name: 'model' });
    const quarantined = changeVerdict(version, verdict, { now: utcTimestamp(world.nowMs) });
    const out = world.folder.join('out');
    await expectCode(world.persistence.load(quarantined), 'permission-denied');
    await expectCode(Array.fromAsync(world.persistence.read(quarantined)), 'permission-denied');
    await expectCode(world.persistence.loadToPath(quarantined, out), 'permission-denied');
    expect(await world.folder.names()).toEqual([]);
  });

  test('of a pickle comes with a warning, at saving and at naming', async () => {
    await using world = await World.make('memory');
    const { version, warnings } = await world.persistence.save(pickle, { name: 'model' });
    expect(version.storage.format).toBe('pickle');
    expect(warnings).toHaveLength(1);
    expect((await world.models.moveAlias('model', 'champion', { to: 1 })).warnings).toHaveLength(1);
    expect((await world.persistence.save(onnx, { name: 'model' })).warnings).toEqual([]);
  });
});
