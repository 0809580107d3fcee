import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleStores } from '../../test/sample-stores.ts';
import { configurationFields } from './configuration-fields.ts';
import { parseConfiguration } from './parse-configuration.ts';

const folder = { backend: 'local_filesystem', root: '/data/store' };
const valid = {
  version: 1,
  stores: { default: folder },
  defaultStore: 'default',
  database: { url: 'memory:' },
};

/** The first sample that may have a field. */
function storeWith(path: string): string {
  const [, , section = '', field] = path.split('.');
  const mayHave = ([, store]: readonly [string, object]): boolean => {
    const given = parseConfiguration({ ...valid, stores: { x: store }, defaultStore: 'x' });
    const value: unknown = given.ok ? Reflect.get(given.configuration.stores['x'] ?? {}, section) : undefined;
    return field === undefined
      ? value !== undefined
      : typeof value === 'object' && field in (value as object);
  };
  return Object.entries(sampleStores).find(mayHave)?.[0] ?? 'default';
}

/** A name with two neighbours swapped: at its beginning, in its middle, at its end. */
function slipsOf(name: string): readonly string[] {
  const swap = (index: number): string =>
    name.slice(0, index) + name.charAt(index + 1) + name.charAt(index) + name.slice(index + 2);
  const places = [0, Math.floor(name.length / 2) - 1, name.length - 2];
  return [...new Set(places.map(swap))].filter((swapped) => swapped !== name);
}

function issuesOf(input: unknown) {
  const parsed = parseConfiguration(input);
  return parsed.ok ? [] : parsed.issues;
}

describe('parseConfiguration', () => {
  it('fills in every default', () => {
    expect(parseConfiguration(valid)).toEqual({
      ok: true,
      configuration: {
        ...valid,
        stores: {
          default: {
            ...folder,
            layout: 'store',
            createIfMissing: true,
            durability: 'full',
            inlineLimitBytes: 16_384,
            busyTimeoutMs: 30_000,
          },
        },
        database: { url: 'memory:', busyTimeoutMs: 10_000 },
      },
    });
  });

  it.each([
    'sqlite:registry.db',
    'sqlite:/data/registry.db',
    'sqlite:///data/registry.db',
    'sqlite::memory:',
    'memory:',
    'postgres://db/models',
    'postgresql://holdfast@db.example.com:5433/models?sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgres:///models?host=/run/postgresql',
  ])('takes the database %s', (url) => expect(issuesOf({ ...valid, database: { url } })).toEqual([]));

  it.each([
    [
      'postgres://user:hunter2@host/db',
      '"postgres:…"',
      'holds a password: leave it out, and name where it is as credentials.password',
    ],
    [
      'postgres://user@host/db?password=hunter2',
      '"postgres:…"',
      'holds a password: leave it out, and name where it is as credentials.password',
    ],
    [
      'postgres://user@host',
      '"postgres:…"',
      'is not postgres://USER@HOST:PORT/DATABASE, with host, port, sslmode and sslrootcert after ? where needed',
    ],
    ['mysql://user:hunter2@host/db', '"mysql:…"', 'is not the URL of a database'],
    ['sqlite://registry.db', '"sqlite://registry.db"', 'has two slashes before its path'],
    ['sqlite:', '"sqlite:"', 'is not the URL of a database'],
    ['memory:x', '"memory:x"', 'is not the URL of a database'],
  ])('refuses the database %s', (url, value, message) => {
    const allowed = ['sqlite:PATH', 'sqlite::memory:', 'memory:', 'postgres://USER@HOST/DATABASE'];
    expect(issuesOf({ ...valid, database: { url } })).toEqual([
      { path: 'database.url', value, message, allowed },
    ]);
  });

  it('takes how a server is used, and refuses that where there is none, and a pool that is too small', () => {
    const postgres = { url: 'postgres://db/models' };
    const fields = {
      schema: 'team',
      poolSize: 2,
      timeouts: { connectMs: 1 },
      credentials: { password: 'env:PGPASSWORD' },
    };
    const parsed = parseConfiguration({ ...valid, database: { ...postgres, ...fields } });
    expect(parsed.ok ? parsed.configuration.database : parsed.issues).toEqual({
      ...postgres,
      ...fields,
      busyTimeoutMs: 10_000,
      timeouts: { connectMs: 1, statementMs: 30_000 },
    });
    const message = 'is a field of PostgreSQL, and the URL names another database';
    expect(issuesOf({ ...valid, database: { url: 'sqlite:/data/registry.db', ...fields } })).toEqual(
      ['schema', 'poolSize', 'timeouts', 'credentials'].map((field) => ({
        path: `database.${field}`,
        message,
      })),
    );
    const wrong = { ...postgres, poolSize: 1, credentials: { password: 'hunter2' } };
    const issues = issuesOf({ ...valid, database: wrong });
    expect(issues).toMatchObject([{ path: 'database.poolSize' }, { path: 'database.credentials.password' }]);
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });

  it.each([
    ['huggingface_hub', 'is a backend that this version does not have'],
    ['x-acme-tape', 'is a backend of your own: register it in your program, not in this file'],
    ['s3', 'is not a backend; did you mean aws_s3?'],
    ['Postgres', 'is not a backend; did you mean database?'],
    ['azure_blb', 'is not a backend; did you mean azure_blob?'],
    ['tape', 'is not a backend'],
    [7, 'is not a backend'],
  ])('refuses the backend %s and lists those that there are', (backend, message) => {
    const stores = { ...valid.stores, lake: { backend, bucket: 'b' } };
    const allowed = expect.arrayContaining(['local_filesystem', 'memory', 'aws_s3']);
    const value = JSON.stringify(backend);
    expect(issuesOf({ ...valid, stores })).toEqual([
      { path: 'stores.lake.backend', value, message, allowed },
    ]);
  });

  it('takes a plain layout without what belongs to an index, and refuses that by name', () => {
    const plain = { ...folder, layout: 'plain' };
    const parsed = parseConfiguration({ ...valid, stores: { default: plain } });
    expect(parsed.ok ? parsed.configuration.stores : parsed.issues).toEqual({
      default: { ...plain, createIfMissing: true, durability: 'full' },
    });
    const stores = { default: { ...plain, inlineLimitBytes: 16_384, busyTimeoutMs: 1 } };
    const message = 'means nothing with layout: plain, which has no index';
    expect(issuesOf({ ...valid, stores })).toEqual([
      { path: 'stores.default.inlineLimitBytes', value: '16384', message },
      { path: 'stores.default.busyTimeoutMs', value: '1', message },
    ]);
  });

  const milliseconds = ['0 to 3600000'];
  const bytes = ['0 to 1048576'];
  const whole = 'is not a whole number';

  it.each([
    { field: 'root', given: 7, value: '7', message: 'is not a text' },
    { field: 'root', given: '', value: '""', message: 'is empty' },
    { field: 'root', given: undefined, message: 'is missing' },
    {
      field: 'createIfMissing',
      given: 'yes',
      value: '"yes"',
      message: 'is not true or false',
      allowed: ['true', 'false'],
    },
    {
      field: 'layout',
      given: 'flat',
      value: '"flat"',
      message: 'is not allowed',
      allowed: ['store', 'plain'],
    },
    { field: 'inlineLimitBytes', given: -1, value: '-1', message: 'is too small', allowed: bytes },
    { field: 'inlineLimitBytes', given: 1.5, value: '1.5', message: whole, allowed: bytes },
    { field: 'busyTimeoutMs', given: 1e9, value: '1000000000', message: 'is too big', allowed: milliseconds },
    { field: 'busyTimeoutMs', given: { a: 1 }, value: 'a mapping', message: whole, allowed: milliseconds },
  ])('says what is wrong with $field: $given', ({ field, given, ...issue }) => {
    const stores = { default: { ...folder, [field]: given } };
    expect(issuesOf({ ...valid, stores })).toEqual([{ path: `stores.default.${field}`, ...issue }]);
  });

  it.each(['Lake', 'big_lake', 'a.b', '-a', ''])('refuses the store name %j', (name) => {
    const message = 'is not the name of a store: it must be lower-case letters, digits and single hyphens';
    const found = issuesOf({ ...valid, stores: { ...valid.stores, [name]: { backend: 'memory' } } });
    expect(found).toEqual([{ path: `stores.${name}`, value: JSON.stringify(name), message }]);
  });

  it('tells everything that is wrong at once', () => {
    const input = {
      ...valid,
      storse: {},
      stores: { default: { backend: 'memory', root: '/x' } },
      database: {},
    };
    expect(
      issuesOf(input)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['database.url', 'stores.default.root', 'storse']);
  });

  it('names the nearest field for a slip of the fingers in any field', () => {
    for (const { path: printed } of configurationFields()) {
      const path = printed.replace('*', storeWith(printed)).split('.');
      const name = path.at(-1) ?? '';
      for (const swapped of slipsOf(name)) {
        const input = structuredClone({ ...valid, stores: sampleStores }) as Record<string, unknown>;
        const parent = path
          .slice(0, -1)
          .reduce((node, key) => (node[key] ??= {}) as Record<string, unknown>, input);
        parent[swapped] = parent[name];
        const found = issuesOf(input).find(
          (issue) => issue.path === [...path.slice(0, -1), swapped].join('.'),
        );
        expect(found?.message, path.join('.')).toBe(`is not a field; did you mean ${name}?`);
        expect(found?.allowed).toContain(name);
      }
    }
  });

  it('never repeats what stands in a field that it does not know, nor what a URL may hide', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{8,30}$/).map((text) => `S3CR3T${text}`);
    fc.assert(
      fc.property(secret, (text) => {
        const input = {
          ...valid,
          credentials: { key: text },
          token: text,
          stores: {
            default: { ...folder, password: text },
            lake: { backend: 'aws_s3', bucket: 'b', secretAccessKey: text },
          },
          database: { url: `postgres://user:${text}@host/db?sslkey=${text}` },
        };
        const issues = issuesOf(input);
        expect(issues).toHaveLength(5);
        expect(JSON.stringify(issues)).not.toContain('S3CR3T');
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (stores, database) => {
        expect(parseConfiguration({ ...valid, stores, database })).toHaveProperty('ok');
        expect(parseConfiguration(stores)).toHaveProperty('ok');
      }),
    );
  });
});

describe('the rules between fields', () => {
  it('wants a default store that there is', () => {
    const stores = { lake: folder, pond: { backend: 'memory' } };
    expect(issuesOf({ ...valid, stores, defaultStore: 'laek' })).toEqual([
      {
        path: 'defaultStore',
        value: '"laek"',
        message: 'is not the name of a store; did you mean lake?',
        allowed: ['lake', 'pond'],
      },
    ]);
    const missing = { path: 'defaultStore', message: 'is missing', allowed: ['lake', 'pond'] };
    expect(issuesOf({ ...valid, stores, defaultStore: undefined })).toEqual([missing]);
  });

  it('wants a store', () => {
    const issue = { path: 'stores', message: 'is empty: name at least one store' };
    expect(issuesOf({ ...valid, stores: {} })).toEqual([issue]);
  });

  it.each([
    ['/data/store', 'is also the folder of the store default; a store needs one of its own'],
    ['/data/store/', 'is also the folder of the store default; a store needs one of its own'],
    ['/data/store/inner', 'is inside the folder of the store default; a store needs one of its own'],
  ])('refuses the folder %s beside /data/store', (root, message) => {
    const stores = { default: folder, other: { ...folder, root } };
    const value = JSON.stringify(root);
    expect(issuesOf({ ...valid, stores })).toEqual([{ path: 'stores.other.root', value, message }]);
  });

  it('takes folders side by side', () => {
    const stores = { default: folder, other: { ...folder, root: '/data/store-2' } };
    expect(issuesOf({ ...valid, stores })).toEqual([]);
  });
});
