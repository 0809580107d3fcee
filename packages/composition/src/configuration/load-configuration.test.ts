import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfiguration } from '@holdfast/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { ConfigurationError } from './configuration-error.ts';
import { listSettings } from './list-settings.ts';
import { type LoadConfigurationOptions, loadConfiguration } from './load-configuration.ts';

type Surroundings = Partial<LoadConfigurationOptions> & { readonly folder: string };

function load({ folder, ...options }: Surroundings) {
  const workingFolder = join(folder, 'work', 'inner');
  return loadConfiguration({ workingFolder, environment: {}, homeFolder: join(folder, 'home'), ...options });
}

async function problems(options: Surroundings): Promise<readonly string[]> {
  const error: unknown = await load(options).catch((refusal: unknown) => refusal);
  if (!ConfigurationError.isInstance(error)) throw new Error('It was not refused.', { cause: error });
  return error.lines.map((line) => line.replaceAll(`${options.folder}/`, ''));
}

async function makeFolder(file?: string) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'work', 'inner'), { recursive: true });
  if (file !== undefined) await writeFile(join(folder, 'work', 'holdfast.yaml'), file);
  return folder;
}

describe('without a file', () => {
  it('keeps everything in the data folder of the user, and writes nothing', async () => {
    const folder = await makeFolder();
    const { configuration, file, sources } = await load({
      folder,
      environment: { XDG_DATA_HOME: join(folder, 'data') },
    });
    expect(file).toBeUndefined();
    expect(configuration.stores['default']).toMatchObject({
      root: join(folder, 'data', 'holdfast', 'store'),
    });
    expect(configuration.database.url).toBe(`sqlite:${join(folder, 'data', 'holdfast', 'registry.db')}`);
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
    expect(await readdir(folder, { recursive: true })).toEqual(['work', 'work/inner']);
  });

  it('fills in what the schema fills in', async () => {
    const folder = await makeFolder();
    const { configuration } = await load({ folder });
    const { database, stores } = configuration;
    const { backend, root } = stores['default'] as { backend: string; root: string };
    const said = {
      ...configuration,
      stores: { default: { backend, root } },
      database: { url: database.url },
    };
    expect(parseConfiguration(said)).toEqual({ ok: true, configuration });
    const spelt = await load({ folder, flags: { set: ['defaultStore=default'] } });
    expect(spelt.configuration).toEqual(configuration);
    expect(Object.keys(spelt.sources).toSorted()).toEqual(
      Object.keys((await load({ folder })).sources).toSorted(),
    );
  });

  it('keeps everything beside the nearest folder .holdfast', async () => {
    const folder = await makeFolder('stores: { lake: { backend: memory } }');
    await mkdir(join(folder, 'work', 'inner', '.holdfast'));
    const { configuration } = await load({ folder });
    expect(configuration.stores['default']).toMatchObject({
      root: join(folder, 'work', 'inner', '.holdfast', 'store'),
    });
    expect(configuration.database.url).toBe(
      `sqlite:${join(folder, 'work', 'inner', '.holdfast', 'registry.db')}`,
    );
  });
});

describe('the file', () => {
  it('is found upward; its paths begin in its folder', async () => {
    const folder = await makeFolder(
      'stores:\n  lake: { backend: local_filesystem, root: lake }\n  home: { backend: local_filesystem, root: ~/s }\ndefaultStore: lake\ndatabase: { url: "sqlite:r.db" }\n',
    );
    const { configuration, file } = await load({ folder });
    expect(file).toBe(join(folder, 'work', 'holdfast.yaml'));
    expect(Object.keys(configuration.stores)).toEqual(['lake', 'home']);
    expect(configuration.stores['lake']).toMatchObject({ root: join(folder, 'work', 'lake') });
    expect(configuration.stores['home']).toMatchObject({ root: join(folder, 'home', 's') });
    expect(configuration.database.url).toBe(`sqlite:${join(folder, 'work', 'r.db')}`);
  });

  it('leaves what it does not say to the defaults, in its folder', async () => {
    const folder = await makeFolder('database:\n  # url: sqlite:other.db\n');
    const { configuration } = await load({ folder });
    expect(configuration.stores['default']).toMatchObject({
      root: join(folder, 'work', '.holdfast', 'store'),
    });
    expect(configuration.database.url).toBe(`sqlite:${join(folder, 'work', '.holdfast', 'registry.db')}`);
  });

  it('is the one of the user where no folder upward has one; what it does not say lies in the data folder', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'home', '.config', 'holdfast'), { recursive: true });
    const file = join(folder, 'home', '.config', 'holdfast', 'holdfast.yaml');
    await writeFile(file, 'stores: { lake: { backend: local_filesystem, root: lake } }');
    const loaded = await load({ folder, platform: 'linux' });
    expect(loaded.file).toBe(file);
    expect(loaded.configuration.stores['lake']).toMatchObject({
      root: join(folder, 'home', '.config', 'holdfast', 'lake'),
    });
    expect(loaded.configuration.database.url).toBe(
      `sqlite:${join(folder, 'home', '.local', 'share', 'holdfast', 'registry.db')}`,
    );
  });

  it('is the named one before all others, --config before HOLDFAST_CONFIG', async () => {
    const folder = await makeFolder('stores: { found: { backend: memory } }');
    await writeFile(join(folder, 'a.yaml'), 'stores: { a: { backend: memory } }');
    await writeFile(join(folder, 'b.yaml'), 'stores: { b: { backend: memory } }');
    const environment = { HOLDFAST_CONFIG: join(folder, 'a.yaml') };
    expect((await load({ folder, environment })).configuration.defaultStore).toBe('a');
    const flags = { config: '../../b.yaml' };
    expect((await load({ folder, environment, flags })).configuration.defaultStore).toBe('b');
  });

  it('must be there when it is named', async () => {
    const folder = await makeFolder();
    const missing = join(folder, 'work', 'inner', 'none.yaml');
    const environment = { HOLDFAST_CONFIG: 'none.yaml' };
    const named = `${JSON.stringify(missing)} is not a file`.replace(`${folder}/`, '');
    expect(await problems({ folder, environment })).toEqual([`HOLDFAST_CONFIG: ${named}`]);
    expect(await problems({ folder, flags: { config: 'none.yaml' } })).toEqual([`--config: ${named}`]);
  });

  it.each([
    ['stores: [', 'work/holdfast.yaml:1:10: Flow sequence in block collection must be sufficiently indented'],
    ['a: 1\na: 2\n', 'work/holdfast.yaml:2:1: Map keys must be unique'],
    ['stores: *nowhere\n', 'work/holdfast.yaml:1:1: Unresolved alias'],
    ['a: 1\n---\na: 2\n', 'work/holdfast.yaml:2:1: Source contains multiple documents'],
    ['- 1\n', 'work/holdfast.yaml:1:1: is not a mapping'],
    ['just words\n', 'work/holdfast.yaml:1:1: is not a mapping'],
    [
      'version: 2\n',
      'work/holdfast.yaml:1:1: version 2 is newer than this program: upgrade Holdfast (allowed: 1)',
    ],
    [
      '\nversion: one\n',
      'work/holdfast.yaml:2:1: version "one" is not the version of a configuration (allowed: 1)',
    ],
    ['a: &a\n  b: *a\n', 'work/holdfast.yaml:1:1: a is not a field'],
  ])('says where it is wrong: %j', async (text, message) => {
    const [first] = await problems({ folder: await makeFolder(text) });
    expect(first?.startsWith(message), first).toBe(true);
  });

  it('says where every single thing is wrong', async () => {
    const text =
      'storse: 1\nstores:\n  a.b: { backend: memory }\n  lake:\n    backend: local_filesystem\n    rot: x\n';
    const found = await problems({ folder: await makeFolder(text) });
    expect(found.map((line) => line.replace(/ \(allowed.*/, ''))).toEqual([
      'work/holdfast.yaml:3:3: stores.a.b "a.b" is not the name of a store: it must be lower-case letters, digits and single hyphens',
      'work/holdfast.yaml:4:3: stores.lake.root is missing',
      'work/holdfast.yaml:6:5: stores.lake.rot is not a field; did you mean root?',
      'work/holdfast.yaml:1:1: defaultStore is missing',
      'work/holdfast.yaml:1:1: storse is not a field; did you mean stores?',
    ]);
  });

  it('must be a text', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'work', 'holdfast.yaml'), Uint8Array.of(0xff, 0xfe, 0x00));
    expect(await problems({ folder })).toEqual(['work/holdfast.yaml: is not a text in UTF-8']);
  });

  it('is forgotten, with its secrets, by what is said about it', async () => {
    const text =
      'database: { url: "postgres://ada:hunter2@host/db" }\nstores: { s: { backend: aws_s3, bucket: b, secret: hunter2 } }\ntoken: hunter2\n';
    const error = (await load({ folder: await makeFolder(text) }).catch(
      (refusal: unknown) => refusal,
    )) as ConfigurationError;
    expect(error.issues).toHaveLength(3);
    expect(JSON.stringify(error) + error.message).not.toContain('hunter2');
  });
});

describe('the order of strength', () => {
  it('is flags, environment, file, default, for every field on its own', async () => {
    const folder = await makeFolder();
    const file = join(folder, 'work', 'holdfast.yaml');
    const layers = fc.record({
      file: fc.boolean(),
      environment: fc.boolean(),
      flag: fc.boolean(),
    });
    const fields = {
      'stores.default.busyTimeoutMs': 30_000,
      'stores.default.inlineLimitBytes': 16_384,
      'database.busyTimeoutMs': 10_000,
    };
    await fc.assert(
      fc.asyncProperty(fc.tuple(layers, layers, layers), async (said) => {
        const paths = Object.keys(fields) as (keyof typeof fields)[];
        const chosen = paths.map((path, index) => ({ path, ...said[index] }));
        const [store, limit, database] = chosen.map((field) => (field.file ? 1 : '~'));
        const root = '{ backend: local_filesystem, root: s';
        const line = `stores: { default: ${root}, busyTimeoutMs: ${store}, inlineLimitBytes: ${limit} } }`;
        await writeFile(
          file,
          `${line}\ndatabase: { busyTimeoutMs: ${database} }`.replaceAll(/,? ?\w+: ~/g, ''),
        );
        const loaded = await load({
          folder,
          environment: Object.fromEntries(
            chosen.filter((field) => field.environment).map(({ path }) => [variable(path), '2']),
          ),
          flags: { set: chosen.filter((field) => field.flag).map(({ path }) => `${path}=3`) },
        });
        const settings = new Map(listSettings(loaded).map((setting) => [setting.path, setting]));
        for (const field of chosen) {
          const value = field.flag ? 3 : field.environment ? 2 : field.file ? 1 : fields[field.path];
          const inFile = `file:${file}:${field.path.startsWith('stores') ? 1 : 2}`;
          const source = field.flag
            ? 'flag:--set'
            : field.environment
              ? `environment:${variable(field.path)}`
              : field.file
                ? inFile
                : 'default';
          expect(settings.get(field.path)).toEqual({ path: field.path, value, source });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the fields of credentials', async () => {
    const redis = 'backend: redis, url: "redis://a", credentials: { username: lab, password: env:A }';
    const folder = await makeFolder(`stores: { default: { ${redis} } }`);
    const name = 'HOLDFAST_STORES_DEFAULT_CREDENTIALS_PASSWORD';
    const settings = listSettings(await load({ folder, environment: { [name]: 'env:B' } }));
    expect(settings.filter(({ path }) => path.includes('credentials'))).toEqual([
      {
        path: 'stores.default.credentials.username',
        value: 'lab',
        source: `file:${join(folder, 'work', 'holdfast.yaml')}:1`,
      },
      { path: 'stores.default.credentials.password', value: 'env:B', source: `environment:${name}` },
    ]);
  });

  it('begins the paths of environment and flags in the working folder', async () => {
    const folder = await makeFolder('database: { url: "sqlite:file.db" }');
    const loaded = await load({
      folder,
      environment: { HOLDFAST_STORES_DEFAULT_ROOT: 'store' },
      flags: { set: ['database.url=sqlite:flag.db'] },
    });
    expect(loaded.configuration.stores['default']).toMatchObject({
      root: join(folder, 'work', 'inner', 'store'),
    });
    expect(loaded.configuration.database.url).toBe(`sqlite:${join(folder, 'work', 'inner', 'flag.db')}`);
  });

  it('forgets the fields of a backend when a stronger source says another', async () => {
    const folder = await makeFolder('stores: { default: { backend: local_filesystem, root: s } }');
    const { configuration } = await load({
      folder,
      environment: { HOLDFAST_STORES_DEFAULT_BACKEND: 'memory' },
    });
    expect(configuration.stores).toEqual({ default: { backend: 'memory' } });
  });

  it('adds stores to those of the file', async () => {
    const folder = await makeFolder('stores: { lake: { backend: memory } }');
    const environment = { HOLDFAST_STORES_BIG_POND_BACKEND: 'memory', HOLDFAST_DEFAULT_STORE: 'big-pond' };
    const { configuration } = await load({ folder, environment });
    expect(configuration).toMatchObject({ defaultStore: 'big-pond', stores: { lake: {}, 'big-pond': {} } });
  });

  it('says which variable or flag is wrong', async () => {
    const folder = await makeFolder();
    expect(await problems({ folder, environment: { HOLDFAST_DATABASE_BUSY_TIMEOUT_MS: '5s' } })).toEqual([
      'HOLDFAST_DATABASE_BUSY_TIMEOUT_MS: database.busyTimeoutMs "5s" is not a whole number (allowed: 0 to 3600000)',
    ]);
    const found = await problems({ folder, flags: { set: ['database.ulr=memory:', 'nonsense'] } });
    expect(found.map((line) => line.replace(/ \((?:allowed|nearest).*/, ''))).toEqual([
      '--set: database.ulr is not a field; did you mean database.url?',
      '--set: needs a field and a value',
    ]);
    expect(found[0]).toMatch(/ \(nearest: database\.url, .*; \d+ more in holdfast config schema\)$/);
    expect(found[0]?.length).toBeLessThan(220);
  });
});

function variable(path: string): string {
  return `HOLDFAST_${path
    .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('.', '_')
    .toUpperCase()}`;
}
