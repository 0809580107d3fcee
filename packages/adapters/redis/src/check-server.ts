import type { ResolvedRedisOptions } from './resolve-redis-options.ts';
import { replicaInstead, unfitServer } from './to-storage-error.ts';

/**
 * Holds what a server tells of itself (`INFO`) to what a store needs: that it takes writes, forgets nothing to make
 * room, and, where asked, keeps objects when it is started anew.
 *
 * @throws RequestFailureError saying what to change.
 */
export function checkServer(
  facts: ReadonlyMap<string, string>,
  { durability }: Pick<ResolvedRedisOptions, 'durability'>,
): void {
  if (facts.get('role') === 'slave') throw replicaInstead();
  const policy = facts.get('maxmemory_policy') ?? '';
  if (facts.get('maxmemory') !== '0' && policy.startsWith('allkeys-')) {
    throw unfitServer(
      `the server deletes objects when its memory is full (maxmemory-policy ${policy})`,
      'Set maxmemory-policy to noeviction: CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.',
    );
  }
  if (durability === 'appendonly' && facts.get('aof_enabled') !== '1') {
    throw unfitServer(
      'the server loses what was written when it is restarted (appendonly no)',
      'Turn it on (CONFIG SET appendonly yes, and the same in redis.conf), or set durability: none if you can afford to lose everything, as in a cache.',
    );
  }
}
