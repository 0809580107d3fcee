import { stat } from 'node:fs/promises';
import type { DatabaseConfiguration } from '@holdfast/contracts';
import type { RegistryStore } from '@holdfast/domain';
import type { AppOptions } from './app.ts';

/** Opens the registry that a configuration names. */
export async function openRegistry(
  { url, busyTimeoutMs }: DatabaseConfiguration,
  options: AppOptions,
): Promise<RegistryStore> {
  if (url === 'memory:') {
    const { MemoryRegistryStore } = await import('@holdfast/adapter-memory');
    return new MemoryRegistryStore();
  }
  const { create = true, onSlowQuery, signal } = options;
  if (!create && !(await isThere(url))) {
    const { AbsentRegistry } = await import('./absent-registry.ts');
    return new AbsentRegistry(url);
  }
  const { SqlRegistryStore } = await import('@holdfast/adapter-sql');
  return SqlRegistryStore.open({
    url,
    busyTimeoutMs,
    createFolder: true,
    ...(onSlowQuery === undefined ? {} : { onSlowQuery }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function isThere(url: string): Promise<boolean> {
  const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === ':memory:') return true;
  try {
    await stat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
