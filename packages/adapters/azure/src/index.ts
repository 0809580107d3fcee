export { AzureBlobStorageAdapter } from './azure-blob-storage-adapter.ts';
export type {
  AzureBlobStorageOptions,
  AzureCredentials,
  AzureSecret,
  AzureTokenCredential,
} from './azure-blob-storage-options.ts';
