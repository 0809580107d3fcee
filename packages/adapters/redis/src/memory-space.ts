import type { StorageSpace } from '@holdfast/ports';

/**
 * The room below a server's `maxmemory`, from what it tells of itself (`INFO memory`); `undefined` without such a
 * limit. What replicas and the append-only log wait in does not count against it:
 * https://redis.io/docs/latest/develop/reference/eviction/
 */
export function memorySpace(facts: ReadonlyMap<string, string>): StorageSpace | undefined {
  const totalBytes = Number(facts.get('maxmemory') ?? 0);
  const usedBytes = Number(facts.get('used_memory'));
  if (!(totalBytes > 0) || !Number.isFinite(usedBytes)) return undefined;
  const countedBytes = usedBytes - Number(facts.get('mem_not_counted_for_evict') ?? 0);
  return { freeBytes: Math.max(0, totalBytes - countedBytes), totalBytes };
}
