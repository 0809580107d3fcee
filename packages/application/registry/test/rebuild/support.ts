import type { RegistryStore } from '@holdfast/domain';
import { type RebuildOptions, type RebuiltRegistry, RegistryRebuildService } from '@holdfast/registry';
import type { StorageService } from '@holdfast/storage';
import { someFiles, writeFolder } from '../support/folders.ts';
import { type RegistryKind, World, sampleBytes } from '../support/world.ts';

/** The world of another registry over the same store. */
export async function withLostRegistry(world: World, kind: RegistryKind = 'memory'): Promise<World> {
  const other = await World.make(kind);
  const services = World.prototype.beside.call(
    { registry: other.registry, adapter: world.adapter, folder: other.folder, nowMs: world.nowMs } as World,
    {},
  );
  return Object.assign(services, {
    [Symbol.asyncDispose]: async () => {
      await other.registry[Symbol.asyncDispose]();
      await other.folder[Symbol.asyncDispose]();
    },
  });
}

/** Rebuilds from the store of a world. */
export function rebuild(
  world: { readonly registry: RegistryStore; readonly storage: StorageService; readonly nowMs: number },
  options: RebuildOptions & { readonly from?: Buffer } = {},
): Promise<RebuiltRegistry> {
  const { from, ...rest } = options;
  const service = new RegistryRebuildService({
    registry: world.registry,
    storage: world.storage,
    now: () => world.nowMs,
  });
  const backup = async function* open(): AsyncIterable<Uint8Array> {
    yield from as Buffer;
  };
  return service.rebuild(['main'], {
    mayTakeOver: true,
    ...rest,
    ...(from === undefined ? {} : { backup }),
  });
}

/** Three versions of a file, and a folder. */
export async function fill(world: World): Promise<void> {
  for (let seed = 1; seed <= 3; seed += 1) {
    world.nowMs += 1_000;
    await world.persistence.save(sampleBytes(200, seed), {
      name: 'team/a',
      tags: { seed: `${seed}` },
      metrics: { loss: seed },
      lineage: [{ relation: 'trained-on', to: { kind: 'external', id: 'data:1' } }],
    });
  }
  await writeFolder(world.folder.join('tree'), someFiles);
  await world.persistence.saveFolder(world.folder.join('tree'), { name: 'tree' });
}
