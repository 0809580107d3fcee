import type { DatabaseConfiguration } from '@holdfast/contracts';
import type { RegistryStore } from '@holdfast/domain';
import type { AppOptions } from './app.ts';
import { registryOptions } from './registry-options.ts';

/** Opens the registry that a configuration names. */
export async function openRegistry(
  database: DatabaseConfiguration,
  options: AppOptions,
): Promise<RegistryStore> {
  if (database.url === 'memory:') {
    const { MemoryRegistryStore } = await import('@holdfast/adapter-memory');
    return new MemoryRegistryStore();
  }
  const { create = true, onSlowQuery, slowQueryMs, signal, reserve } = options;
  const settings = {
    ...registryOptions(database),
    ...(onSlowQuery === undefined ? {} : { onSlowQuery }),
    ...(slowQueryMs === undefined ? {} : { slowQueryMs }),
    ...(signal === undefined ? {} : { signal }),
    ...(reserve === undefined ? {} : { reserve }),
  };
  const { SqlRegistryStore } = await import('@holdfast/adapter-sql');
  if (create) return SqlRegistryStore.open({ ...settings, createFolder: true });
  const found = await SqlRegistryStore.openExisting(settings);
  if (found !== undefined) return found;
  const { AbsentRegistry } = await import('./absent-registry.ts');
  return new AbsentRegistry(database.url);
}
