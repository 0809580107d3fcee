export { GcpStorageAdapter } from './gcp-storage-adapter.ts';
export type { GcpCredentials, GcpStorageOptions } from './gcp-storage-options.ts';
