import type { RegistryStore, Repositories } from '@holdfast/domain';

/** Repositories of which some methods do something else. */
export type RepositoriesBreakage = { readonly [Name in keyof Repositories]?: Partial<Repositories[Name]> };

/** How a good store is made to break promises, so as to see the kit notice. */
export interface RegistryStoreBreakage {
  /** Replaces methods of the repositories, of those inside units of work too. */
  readonly repositories?: (good: Repositories) => RepositoriesBreakage;
  /** Replaces methods of the store. */
  readonly store?: (good: RegistryStore) => Partial<RegistryStore>;
}

/** Wraps a good store so that it breaks promises. */
export function breakRegistryStore(good: RegistryStore, breakage: RegistryStoreBreakage): RegistryStore {
  const wrapped: RegistryStore = {
    repositories: breakRepositories(good.repositories, breakage),
    unitOfWork: (work) => good.unitOfWork((repositories) => work(breakRepositories(repositories, breakage))),
    registryId: () => good.registryId(),
    checkRecords: () => good.checkRecords(),
    place: () => good.place(),
    [Symbol.asyncDispose]: () => good[Symbol.asyncDispose](),
  };
  return overlay(wrapped, breakage.store?.(wrapped) ?? {});
}

function breakRepositories(good: Repositories, breakage: RegistryStoreBreakage): Repositories {
  const changes = breakage.repositories?.(good) ?? {};
  return {
    models: overlay(good.models, changes.models ?? {}),
    versions: overlay(good.versions, changes.versions ?? {}),
    aliases: overlay(good.aliases, changes.aliases ?? {}),
    objects: overlay(good.objects, changes.objects ?? {}),
    archive: overlay(good.archive, changes.archive ?? {}),
    manifests: overlay(good.manifests, changes.manifests ?? {}),
    fence: overlay(good.fence, changes.fence ?? {}),
    records: overlay(good.records, changes.records ?? {}),
    series: overlay(good.series, changes.series ?? {}),
  };
}

function overlay<T extends object>(good: T, changes: Partial<T>): T {
  return new Proxy(good, {
    get: (target, name) => {
      const source = Object.hasOwn(changes, name) ? changes : target;
      const value: unknown = Reflect.get(source, name, source);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });
}
