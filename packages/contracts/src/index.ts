export { configurationFields, type ConfigurationField } from './configuration/configuration-fields.ts';
export type { ConfigurationIssue } from './configuration/configuration-issue.ts';
export { configurationJsonSchema, type JsonSchema } from './configuration/configuration-json-schema.ts';
export {
  configurationVersion,
  type Configuration,
  type DatabaseConfiguration,
  type LocalFilesystemStoreConfiguration,
  type MemoryStoreConfiguration,
  type StoreConfiguration,
} from './configuration/configuration.ts';
export {
  configurationMigrations,
  migrateConfiguration,
  type ConfigurationMigration,
  type MigratedConfiguration,
} from './configuration/migrate-configuration.ts';
export type {
  AzureCredentialsConfiguration,
  AzureStoreConfiguration,
} from './configuration/stores/azure-store.ts';
export type {
  CloudFields,
  CloudRetry,
  CloudTimeouts,
  CloudTransfer,
} from './configuration/stores/cloud-fields.ts';
export type { PostgresFields, PostgresTimeouts } from './configuration/postgres-fields.ts';
export type { DatabaseStoreConfiguration } from './configuration/stores/database-store.ts';
export type { GcsCredentialsConfiguration, GcsStoreConfiguration } from './configuration/stores/gcs-store.ts';
export type {
  RedisCredentialsConfiguration,
  RedisStoreConfiguration,
} from './configuration/stores/redis-store.ts';
export type {
  MlflowCredentialsConfiguration,
  MlflowStoreConfiguration,
} from './configuration/stores/mlflow-store.ts';
export type { S3CredentialsConfiguration, S3StoreConfiguration } from './configuration/stores/s3-store.ts';
export type { SecretReference } from './configuration/stores/secret-reference.ts';
export { nearestSpelling, nearestSpellings } from './configuration/nearest-spelling.ts';
export { parseConfiguration, type ParsedConfiguration } from './configuration/parse-configuration.ts';
export { printableValue } from './configuration/printable-value.ts';
