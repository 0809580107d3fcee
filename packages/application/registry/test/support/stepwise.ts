import type { RegistryStore, Repositories } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import { overriding } from './overriding.ts';

/** Runs a step of somebody's work: on its way it can wait, fail, or never come back. */
export type RunStep = <T>(name: string, work: () => Promise<T>) => Promise<T>;

type AnyMethod = (...parameters: unknown[]) => Promise<unknown>;

/** An object whose methods are steps. */
function stepping<T extends object>(original: T, prefix: string, run: RunStep): T {
  return new Proxy(original, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name === 'symbol') return value;
      return (...parameters: unknown[]) =>
        run(`${prefix}.${name}`, () => (value as AnyMethod).apply(target, parameters));
    },
  });
}

/** A registry whose every call, inside and outside of units of work, is a step; so is a commit. */
export function steppingRegistry(registry: RegistryStore, run: RunStep): RegistryStore {
  const steppingRepositories = (repositories: Repositories): Repositories => ({
    models: stepping(repositories.models, 'models', run),
    versions: stepping(repositories.versions, 'versions', run),
    aliases: stepping(repositories.aliases, 'aliases', run),
    objects: stepping(repositories.objects, 'objects', run),
    archive: stepping(repositories.archive, 'archive', run),
    manifests: stepping(repositories.manifests, 'manifests', run),
    fence: stepping(repositories.fence, 'fence', run),
    records: repositories.records,
    series: repositories.series,
  });
  return overriding(registry, {
    repositories: steppingRepositories(registry.repositories),
    registryId: () => run('registryId', () => registry.registryId()),
    unitOfWork: (work) =>
      run('unitOfWork', () =>
        registry.unitOfWork((repositories) => work(steppingRepositories(repositories))),
      ),
  });
}

/** A store whose every call is a step. Listing is not: it is a stream. */
export function steppingAdapter(adapter: StorageAdapter, run: RunStep): StorageAdapter {
  return overriding(adapter, {
    put: (...parameters) => run('put', () => adapter.put(...parameters)),
    get: (...parameters) => run('get', () => adapter.get(...parameters)),
    head: (...parameters) => run('head', () => adapter.head(...parameters)),
    delete: (...parameters) => run('delete', () => adapter.delete(...parameters)),
  });
}
