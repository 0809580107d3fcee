import { type RegistryRecord, type RegistryStore, registryRecordKinds } from '@holdfast/domain';
import { BackupService, type BackupOptions, type RestoreReport, RestoreService } from '@holdfast/registry';
import type { RestoreOptions } from '@holdfast/registry';
import type { World } from '../support/world.ts';

/** Everything that a registry holds, when its objects were verified left out. */
export async function dumpOf(registry: RegistryStore): Promise<readonly unknown[]> {
  const records: RegistryRecord[] = [];
  for (const kind of registryRecordKinds)
    records.push(...(await registry.repositories.archive.list(kind)).items);
  return records.map((record) =>
    record.kind === 'location' ? { ...record, location: { ...record.location, verifiedAt: '' } } : record,
  );
}

export function backupServiceOf(world: World): BackupService {
  const { registry, storage, folder } = world;
  return new BackupService({ registry, storage, now: () => world.nowMs, spoolFolder: folder.path });
}

/** A backup as one piece. */
export async function backUp(world: World, options: BackupOptions = {}): Promise<Buffer> {
  await using backup = await backupServiceOf(world).open(options);
  const chunks: Buffer[] = [];
  for await (const chunk of backup.chunks()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Restores, in pieces of a size of their own. */
export function restore(
  world: World,
  bytes: Uint8Array,
  options: RestoreOptions & { readonly isPipe?: boolean } = {},
): Promise<RestoreReport> {
  const { registry, storage, folder } = world;
  const service = new RestoreService({
    registry,
    storage,
    now: () => world.nowMs,
    spoolFolder: folder.path,
  });
  async function* open(): AsyncIterable<Uint8Array> {
    for (let start = 0; start < bytes.byteLength; start += 1_000) yield bytes.subarray(start, start + 1_000);
  }
  const { isPipe = false, ...rest } = options;
  return service.restore({ open, isReopenable: !isPipe }, rest);
}

/** What verification finds that is not intact. */
export async function damageOf(world: World): Promise<readonly unknown[]> {
  const found = await Array.fromAsync(world.verification.verify());
  return found
    .filter(({ state }) => state !== 'intact')
    .map((one) => ({ ...one, affected: one.affected.map(({ reference }) => reference) }));
}
