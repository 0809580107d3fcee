export { RedisStorageAdapter } from './redis-storage-adapter.ts';
export type { RedisCredentials, RedisKeepOptions, RedisStorageOptions } from './redis-storage-options.ts';
