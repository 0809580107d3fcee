import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { utcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { defaultConfiguration } from '../configuration/default-configuration.ts';
import { createApp } from './create-app.ts';
import { migrateRegistry, pendingMigrations } from './migrate-registry.ts';

function configurationIn(folder: string) {
  const kept = join(folder, '.holdfast');
  return defaultConfiguration({ storeRoot: join(kept, 'store'), databaseFile: join(kept, 'registry.db') })
    .configuration;
}

const inMemory = {
  version: 1,
  stores: { default: { backend: 'memory' } },
  defaultStore: 'default',
  database: { url: 'memory:', busyTimeoutMs: 10_000 },
} as const;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((refusal: unknown) => refusal);
  return StorageError.isInstance(error) ? error.code : `no StorageError: ${String(error)}`;
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const model = Buffer.from('a model');

describe('an app', () => {
  it('saves, and another one over the same folder loads', async () => {
    const configuration = configurationIn(await temporaryFolder());
    {
      await using app = await createApp(configuration);
      await (await app.persistence()).save(model, { name: 'fault-classifier' });
    }
    await using app = await createApp(configuration);
    const { items } = await (await app.models()).listModels();
    expect(items.map((summary) => summary.model.name)).toEqual(['fault-classifier']);
    const version = await (await app.models()).findVersion('fault-classifier:1');
    expect(Buffer.from(await (await app.storage()).load(version.storage)).toString()).toBe('a model');
  });

  it('makes nothing until it is asked', async () => {
    const folder = await temporaryFolder();
    {
      await using app = await createApp(configurationIn(folder));
      await app.storage();
      expect(app.adapters.storeNames).toEqual(['default']);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives everybody the same services over the same registry', async () => {
    await using app = await createApp(inMemory);
    const [first, second] = await Promise.all([app.registry(), app.registry()]);
    expect(first).toBe(second);
    expect(await app.models()).toBe(await app.models());
    await (await app.persistence()).save(model, { name: 'shared' });
    expect((await (await app.models()).listModels()).items).toHaveLength(1);
    const objects = await collect((await app.verification()).verify());
    expect(new Set(objects.map(({ state }) => state))).toEqual(new Set(['intact']));
  });

  it('keeps apart from every other app', async () => {
    await using one = await createApp(inMemory);
    await using other = await createApp(inMemory);
    await (await one.persistence()).save(model, { name: 'mine' });
    expect((await (await other.models()).listModels()).items).toEqual([]);
  });

  it('closes the registry before the stores, once, and is over then', async () => {
    const events: string[] = [];
    const app = await createApp(
      { ...inMemory, stores: { ...inMemory.stores } },
      {
        register: (adapters) => {
          const make = () => {
            const dispose = async () => void events.push('tape');
            return Object.defineProperty(new MemoryStorageAdapter(), Symbol.asyncDispose, { value: dispose });
          };
          adapters.registerBackend('x-acme-tape', make).registerStore('tape', { backend: 'x-acme-tape' });
        },
      },
    );
    expect((await app.storage()).storeNames).toEqual(['default', 'tape']);
    const registry = await app.registry();
    const close = registry[Symbol.asyncDispose].bind(registry);
    Object.defineProperty(registry, Symbol.asyncDispose, {
      value: async () => {
        events.push('registry');
        await close();
      },
    });
    await Promise.all([app[Symbol.asyncDispose](), app[Symbol.asyncDispose]()]);
    expect(events).toEqual(['registry', 'tape']);
    await expect(app.storage()).rejects.toThrow('disposed');
    expect(await codeOf(registry.repositories.models.findAll())).toBe('unavailable');
  });

  it('closes what was opened when something else cannot be opened', async () => {
    const folder = await temporaryFolder();
    const configuration = configurationIn(folder);
    await mkdir(join(folder, '.holdfast'));
    await writeFile(
      join(folder, '.holdfast', 'registry.db'),
      'no database at all, but long enough to be looked at',
    );
    const disposed: string[] = [];
    const app = await createApp(configuration, {
      register: (adapters) => {
        const dispose = async () => void disposed.push('tape');
        const make = () =>
          Object.defineProperty(new MemoryStorageAdapter(), Symbol.asyncDispose, { value: dispose });
        adapters.registerBackend('x-acme-tape', make).registerStore('tape', { backend: 'x-acme-tape' });
      },
    });
    expect(await codeOf(app.models())).toBe('corrupt');
    await app.storage();
    await app[Symbol.asyncDispose]();
    expect(disposed).toEqual(['tape']);
  });

  it('refuses a store of a name that the configuration has', async () => {
    const made = createApp(inMemory, {
      register: (adapters) => adapters.registerStore('default', { backend: 'memory' }),
    });
    expect(await codeOf(made)).toBe('invalid-configuration');
  });
});

describe('an app that is to make nothing', () => {
  it('finds nothing in a new folder, and leaves it as it is', async () => {
    const folder = await temporaryFolder();
    {
      await using app = await createApp(configurationIn(folder), { create: false });
      const models = await app.models();
      expect(await models.listModels()).toEqual({ items: [] });
      expect(await codeOf(models.findVersion('nothing:1'))).toBe('not-found');
      expect(await collect((await app.verification()).verify())).toEqual([]);
      expect(await collect((await app.storage()).listObjects())).toEqual([]);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses every write instead of losing it', async () => {
    const folder = await temporaryFolder();
    {
      await using app = await createApp(configurationIn(folder), { create: false });
      const models = await app.models();
      expect(await codeOf(models.createModel({ name: 'lost' }))).toBe('permission-denied');
      expect(await codeOf((await app.persistence()).save(model, { name: 'lost' }))).toBe('permission-denied');
      expect(await codeOf((await app.registry()).registryId())).toBe('permission-denied');
      const write = (await app.registry()).unitOfWork(({ objects }) =>
        objects.condemn([], { now: utcTimestamp(0), by: '', storeNames: [] }),
      );
      expect(await codeOf(write)).toBe('permission-denied');
      expect(await models.listModels()).toEqual({ items: [] });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('opens a registry that is there', async () => {
    const configuration = configurationIn(await temporaryFolder());
    {
      await using app = await createApp(configuration);
      await (await app.persistence()).save(model, { name: 'kept' });
    }
    await using app = await createApp(configuration, { create: false });
    expect((await (await app.models()).listModels()).items).toHaveLength(1);
  });
});

describe('migrations', () => {
  it('are told without being made, then made', async () => {
    const folder = await temporaryFolder();
    const { database } = configurationIn(folder);
    const pending = await pendingMigrations(database);
    expect(pending).toMatchObject({
      fromVersion: 0,
      steps: expect.arrayContaining([expect.any(String)]) as unknown,
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await migrateRegistry(database)).toEqual(pending);
    expect((await pendingMigrations(database)).steps).toEqual([]);
  });

  it('are never needed in memory', async () => {
    expect(await pendingMigrations(inMemory.database)).toEqual({ fromVersion: 0, toVersion: 0, steps: [] });
  });
});
