export type { Configuration, StoreConfiguration } from '@holdfast/contracts';
export type { MigrationReport, SlowQuery } from '@holdfast/adapter-sql';
export type { App, AppOptions } from './app/app.ts';
export { createApp } from './app/create-app.ts';
export { localPlaces } from './app/local-places.ts';
export { migrateRegistry, pendingMigrations, type MigrateRegistryOptions } from './app/migrate-registry.ts';
export {
  StorageAdapterFactory,
  type StorageAdapterMaker,
  type StoreDeclaration,
} from './app/storage-adapter-factory.ts';
export { ConfigurationError, type LocatedConfigurationIssue } from './configuration/configuration-error.ts';
export { initConfiguration, type InitializedConfiguration } from './configuration/init-configuration.ts';
export { listSettings, type ConfigurationSetting } from './configuration/list-settings.ts';
export { loadConfiguration, type LoadConfigurationOptions } from './configuration/load-configuration.ts';
export type { LoadedConfiguration } from './configuration/loaded-configuration.ts';
export type { ConfigurationFlags } from './configuration/configuration-flags.ts';
export { cacheFolder, stateFolder } from './configuration/user-folders.ts';
