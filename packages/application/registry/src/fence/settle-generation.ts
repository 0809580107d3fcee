import type { RegistryStore } from '@holdfast/domain';
import { createUuid } from '../create-uuid.ts';

/**
 * The generation of a registry. One that finds itself elsewhere than before, or never looked, may be a copy: it takes
 * another generation first, so that of two copies only the one that renews the claims goes on.
 */
export async function settleGeneration(registry: RegistryStore): Promise<string> {
  const [place, current] = await Promise.all([registry.place(), registry.repositories.fence.current()]);
  if (current.place === place) return current.id;
  return registry.unitOfWork(async ({ fence }) => {
    const now = await fence.current();
    if (now.place === place) return now.id;
    const id = createUuid();
    await fence.take({ id, place });
    return id;
  });
}

/** Takes another generation, as a registry does that takes the place of others. */
export async function takeGeneration(
  registry: RegistryStore,
  {
    ancestors,
    registryId,
  }: { readonly ancestors: readonly string[]; readonly registryId?: string | undefined },
): Promise<void> {
  const place = await registry.place();
  await registry.unitOfWork(async ({ fence, archive }) => {
    await fence.take({ id: createUuid(), place, ancestors });
    if (registryId !== undefined) await archive.adoptId(registryId);
  });
}
