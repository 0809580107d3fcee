import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { FormatError, sampleClassifier } from '@holdfast/formats';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

const { onnx } = sampleClassifier(1);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.each(registryKinds)('%s', (kind) => {
  describe('what is refused leaves nothing', () => {
    const path = (world: World): string => world.folder.join('file');

    test.each([
      ['a name', { name: 'no spaces' }],
      ['a tag', { name: 'model', tags: { 'no spaces': '' } }],
    ])('%s that cannot be, before a byte is read', async (_what, options) => {
      await using world = await World.make(kind);
      let wasRead = false;
      const reading = async function* (): AsyncGenerator<Uint8Array> {
        wasRead = true;
        yield onnx;
      };
      await expect(world.persistence.save(reading(), options)).rejects.toThrow(/forbidden|not the name/);
      expect(wasRead).toBe(false);
      await expectNothing(world);
    });

    test('a metric that is no number', async () => {
      await using world = await World.make(kind);
      await expect(
        world.persistence.save(onnx, { name: 'model', metrics: { loss: Number.NaN } }),
      ).rejects.toThrow(/finite/);
      await expectNothing(world);
    });

    test('bytes that break their format, or are in another one than asked for', async () => {
      await using world = await World.make(kind);
      const { persistence } = world;
      const broken = onnx.subarray(0, 300);
      await writeFile(path(world), broken);
      const attempts = [
        () => persistence.save(broken, { name: 'model' }),
        () => persistence.save(once(broken), { name: 'model' }),
        () => persistence.saveFile(path(world), { name: 'model' }),
        () => persistence.save(onnx, { name: 'model', format: 'safetensors' }),
      ];
      for (const attempt of attempts) {
        const error: unknown = await attempt().catch((reason: unknown) => reason);
        expect(FormatError.isInstance(error)).toBe(true);
        await expectNothing(world);
      }
      const { version } = await persistence.save(broken, { name: 'model', format: 'binary' });
      expect(version.storage.format).toBe('binary');
      expect(await world.faults()).toEqual(noFaults);
    });

    test('a broken file is refused before it is written', async () => {
      let puts = 0;
      await using world = await World.make(kind, {
        adapter: (adapter) =>
          overriding(adapter, {
            put: (...parameters) => {
              if (typeof parameters[0] === 'function') puts++;
              return adapter.put(...parameters);
            },
          }),
      });
      await writeFile(path(world), onnx.subarray(0, 300));
      await expect(world.persistence.saveFile(path(world), { name: 'model' })).rejects.toThrow(/onnx/i);
      expect(puts).toBe(0);
    });

    test.each([
      ['grows', (file: string) => appendFile(file, 'more')],
      ['shrinks', (file: string) => truncate(file, 10)],
    ])('a file that %s while it is read', async (_how, change) => {
      await using world = await World.make(kind);
      await writeFile(path(world), sampleBytes(5_000_000));
      const changing = world.beside({
        adapter: (adapter) =>
          overriding(adapter, {
            put: async (...parameters) => {
              if (typeof parameters[0] === 'function') await change(path(world));
              return adapter.put(...parameters);
            },
          }),
      });
      const error = await expectCode(
        changing.persistence.saveFile(path(world), { name: 'model' }),
        'precondition-failed',
      );
      expect(error.message).toContain(path(world));
      await expectNothing(world);
    });

    test('a save that is cancelled, at any part of its progress', async () => {
      await using world = await World.make(kind);
      await writeFile(path(world), sampleBytes(3_000_000));
      for (const atCall of [1, 2, 3]) {
        const controller = new AbortController();
        let calls = 0;
        const onProgress = (): void => {
          if (++calls === atCall) controller.abort();
        };
        await expectCode(
          world.persistence.saveFile(path(world), { name: 'model', signal: controller.signal, onProgress }),
          'cancelled',
        );
        await expectNothing(world);
      }
      await expectCode(
        world.persistence.save(onnx, { name: 'model', signal: AbortSignal.abort() }),
        'cancelled',
      );
      await expectNothing(world);
    });

    async function expectNothing(world: World): Promise<void> {
      for await (const _item of world.beside().collection.collect());
      expect(await world.keys()).toEqual([]);
      expect(await world.versions()).toEqual([]);
      expect((await world.models.listModels()).items).toEqual([]);
      expect(await world.registry.repositories.objects.listCondemned()).toEqual([]);
    }
  });
});
