export { S3StorageAdapter } from './s3-storage-adapter.ts';
export type { S3CredentialVariables, S3Credentials, S3Keys, S3StorageOptions } from './s3-storage-options.ts';
