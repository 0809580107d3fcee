import type { Configuration } from '@holdfast/contracts';
import type { RegistryStore } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import type * as RegistryModule from '@holdfast/registry';
import type { StorageHealthCheck, StorageService } from '@holdfast/storage';
import { type DependencyContainer, type InjectionToken, container as root } from 'tsyringe';
import { cacheFolder } from '../configuration/user-folders.ts';
import type { App, AppOptions } from './app.ts';
import { localPlaces } from './local-places.ts';
import { openRegistry } from './open-registry.ts';
import { openTargetJournal } from './open-target-journal.ts';
import { registerConfiguredStores } from './register-configured-stores.ts';
import { type Opener, ResourceOwner } from './resource-owner.ts';
import { StorageAdapterFactory } from './storage-adapter-factory.ts';
import { token } from './token.ts';

const tokens = {
  adapters: token<StorageAdapterFactory>('adapters'),
  storage: token<Opener<StorageService>>('storage'),
  health: token<Opener<StorageHealthCheck>>('health'),
  registry: token<Opener<RegistryStore>>('registry'),
  targets: token<Opener<RegistryModule.TargetJournal>>('targets'),
  models: token<Opener<RegistryModule.ModelManagementService>>('models'),
  persistence: token<Opener<RegistryModule.ModelPersistenceService>>('persistence'),
  verification: token<Opener<RegistryModule.VerificationService>>('verification'),
  collection: token<Opener<RegistryModule.CollectionService>>('collection'),
  backup: token<Opener<RegistryModule.BackupService>>('backup'),
  restore: token<Opener<RegistryModule.RestoreService>>('restore'),
  rebuild: token<Opener<RegistryModule.RegistryRebuildService>>('rebuild'),
  retirement: token<Opener<RegistryModule.RetirementService>>('retirement'),
  mirroring: token<Opener<RegistryModule.MirrorService>>('mirroring'),
  adoption: token<Opener<RegistryModule.AdoptionService>>('adoption'),
  tracking: token<Opener<RegistryModule.ExperimentTrackingService>>('tracking'),
};

interface Collaborators {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
}

/** Says how everything is made, in a container of the app's own. The owner, not the container, ends what was made. */
export function wireApp(configuration: Configuration, options: AppOptions): App {
  const owner = new ResourceOwner();
  const scope = root.createChildContainer();
  registerStorage(scope, owner, { configuration, options });
  scope.register(tokens.registry, {
    useValue: owner.lazily(() => openRegistry(configuration.database, options), {
      own: (registry) => registry,
    }),
  });
  const openTargets = () => openTargetJournal(options.cacheFolder ?? cacheFolder(process.env));
  scope.register(tokens.targets, { useValue: owner.lazily(openTargets) });
  registerServices(scope, owner, { ...options, localPlaces: localPlaces(configuration) });
  const adapters = scope.resolve(tokens.adapters);
  options.register?.(adapters);
  return {
    adapters,
    storage: scope.resolve(tokens.storage),
    health: scope.resolve(tokens.health),
    registry: scope.resolve(tokens.registry),
    targets: scope.resolve(tokens.targets),
    models: scope.resolve(tokens.models),
    persistence: scope.resolve(tokens.persistence),
    verification: scope.resolve(tokens.verification),
    collection: scope.resolve(tokens.collection),
    backup: scope.resolve(tokens.backup),
    restore: scope.resolve(tokens.restore),
    rebuild: scope.resolve(tokens.rebuild),
    mirroring: scope.resolve(tokens.mirroring),
    retirement: scope.resolve(tokens.retirement),
    adoption: scope.resolve(tokens.adoption),
    tracking: scope.resolve(tokens.tracking),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

function registerStorage(
  scope: DependencyContainer,
  owner: ResourceOwner,
  { configuration, options }: { readonly configuration: Configuration; readonly options: AppOptions },
): void {
  const { defaultStore } = configuration;
  const factory = new StorageAdapterFactory();
  owner.own(factory);
  registerConfiguredStores(factory, configuration, options);
  scope.register(tokens.adapters, { useValue: factory });
  const openStorage = async () => {
    const [{ StorageService }, adapters] = await Promise.all([import('@holdfast/storage'), makeAll(factory)]);
    return new StorageService({ adapters, defaultStore });
  };
  scope.register(tokens.storage, { useValue: owner.lazily(openStorage) });
  scope.register(tokens.health, { useValue: owner.lazily(() => openHealthCheck(factory)) });
}

function registerServices(
  scope: DependencyContainer,
  owner: ResourceOwner,
  { actor, localPlaces: places }: AppOptions & { readonly localPlaces: RegistryModule.LocalPlaces },
): void {
  const targets = scope.resolve(tokens.targets);
  const register = <T>(
    name: InjectionToken<Opener<T>>,
    make: (module: typeof RegistryModule, collaborators: Collaborators) => T | Promise<T>,
  ): void => {
    const useFactory = (container: DependencyContainer): Opener<T> => {
      const openRegistryOnce = container.resolve(tokens.registry);
      const openStorageOnce = container.resolve(tokens.storage);
      return owner.lazily(async () => {
        const opening = [import('@holdfast/registry'), openStorageOnce(), openRegistryOnce()] as const;
        const [module, storage, registry] = await Promise.all(opening);
        return make(module, { storage, registry });
      });
    };
    scope.register(name, { useFactory });
  };
  register(tokens.models, (module, made) => new module.ModelManagementService({ ...made, actor }));
  register(
    tokens.persistence,
    async (module, made) =>
      new module.ModelPersistenceService({ ...made, localPlaces: places, targets: await targets() }),
  );
  register(tokens.verification, (module, made) => new module.VerificationService(made));
  register(tokens.collection, (module, made) => new module.CollectionService(made));
  register(tokens.backup, (module, made) => new module.BackupService(made));
  register(tokens.restore, (module, made) => new module.RestoreService(made));
  register(tokens.rebuild, (module, made) => new module.RegistryRebuildService(made));
  register(tokens.retirement, (module, made) => new module.RetirementService(made));
  register(tokens.adoption, (module, made) => new module.AdoptionService(made));
  register(tokens.tracking, (module, made) => new module.ExperimentTrackingService({ ...made, actor }));
  register(tokens.mirroring, (module, made) => new module.MirrorService(made));
}

/** Opens each store when it is looked at: what is wrong with one is found there, and not by all. */
async function openHealthCheck(factory: StorageAdapterFactory): Promise<StorageHealthCheck> {
  const { StorageHealthCheck } = await import('@holdfast/storage');
  const openers = factory.storeNames.map((name) => [name, () => factory.createForStore(name)] as const);
  return new StorageHealthCheck({ adapters: Object.fromEntries(openers) });
}

async function makeAll(adapters: StorageAdapterFactory): Promise<Record<string, StorageAdapter>> {
  const made: [string, StorageAdapter][] = [];
  for (const name of adapters.storeNames) made.push([name, await adapters.createForStore(name)]);
  return Object.fromEntries(made);
}
