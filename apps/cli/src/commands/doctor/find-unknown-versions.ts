import type { App } from '@holdfast/composition';
import { orCancelled, StorageError } from '@holdfast/ports';
import { AdoptionService } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';

const timeoutMs = 10_000;

/** What a store holds that its registry does not know. */
export interface UnknownVersions {
  /** As their manifests name them. */
  readonly references: readonly string[];
  /** Those whose number this registry gave to another version. */
  readonly doubles: readonly string[];
}

/** Looks for versions that another registry saved into a store; one with too many to look at in ten seconds is passed over. */
export async function findUnknownVersions(
  app: App,
  storeName: string,
  signal: AbortSignal,
): Promise<UnknownVersions> {
  const adapter = await app.adapters.createForStore(storeName);
  const registry = await app.registry();
  const storage = new StorageService({ adapters: { [storeName]: adapter } });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const service = new AdoptionService({ registry, storage });
  try {
    const looking = service.findUnknown(storeName, { signal: limit });
    const unknown = await orCancelled(looking, limit, { operation: 'survey', backend: adapter.backend });
    const doubles: string[] = [];
    for (const { name, number } of unknown) {
      const model = await registry.repositories.models.findByName(name);
      const known = await registry.repositories.versions.findByNumber(model?.id ?? '', number);
      if (known !== undefined) doubles.push(`${name}:${number}`);
    }
    return { references: unknown.map(({ name, number }) => `${name}:${number}`), doubles };
  } catch (error) {
    if (!StorageError.isInstance(error, 'cancelled') || signal.aborted) throw error;
    return { references: [], doubles: [] };
  }
}
