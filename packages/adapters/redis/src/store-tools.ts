import type { CleanUps, RequestRunner } from '@holdfast/adapter-kit';
import type { ResolvedRedisOptions } from './resolve-redis-options.ts';
import type { RedisStore } from './store/redis-store.ts';

/** What the operations of an adapter share. */
export interface StoreTools {
  readonly store: RedisStore;
  readonly runner: RequestRunner;
  readonly cleanUps: CleanUps;
  readonly options: ResolvedRedisOptions;
}

/** Length of every chunk of an object's bytes but the last. */
export const chunkBytes = 524_288;

/** Up to this length bytes lie in the object's record. */
export const inlineBytes = 65_536;
