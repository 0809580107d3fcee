import { configurationFields } from '@holdfast/contracts';
import { describe, expect, it } from 'vitest';
import { environmentSettings, variableOf } from './environment-settings.ts';

function messages(environment: Readonly<Record<string, string>>) {
  return environmentSettings(environment).issues.map(({ message, source }) => `${source} ${message}`);
}

describe('environmentSettings', () => {
  it('has a variable for every field', () => {
    for (const { path, kind } of configurationFields().filter((field) => field.path !== 'version')) {
      const text = { text: 'words', integer: '17', boolean: 'true' }[kind];
      const value = { text: 'words', integer: 17, boolean: true }[kind];
      const name = variableOf(path, 'big-lake');
      expect(environmentSettings({ [name]: text }), name).toEqual({
        assignments: [
          {
            path: path.replace('*', 'big-lake').split('.'),
            value,
            source: { source: `environment:${name}` },
          },
        ],
        issues: [],
        ignored: [],
      });
    }
  });

  it('spells them as documented', () => {
    expect(variableOf('database.busyTimeoutMs', '')).toBe('HOLDFAST_DATABASE_BUSY_TIMEOUT_MS');
    expect(variableOf('defaultStore', '')).toBe('HOLDFAST_DEFAULT_STORE');
    expect(variableOf('stores.*.createIfMissing', 'big-lake')).toBe(
      'HOLDFAST_STORES_BIG_LAKE_CREATE_IF_MISSING',
    );
  });

  it('leaves what does not fit as it is, for the schema to refuse', () => {
    const { assignments } = environmentSettings({ HOLDFAST_DATABASE_BUSY_TIMEOUT_MS: '5s' });
    expect(assignments.map(({ value }) => value)).toEqual(['5s']);
  });

  it('takes an empty variable for none', () => {
    expect(environmentSettings({ HOLDFAST_DATABASE_URL: '' })).toEqual({
      assignments: [],
      issues: [],
      ignored: [],
    });
  });

  it.each([
    ['HOLDFAST_DATABSE_URL', 'HOLDFAST_DATABASE_URL'],
    ['HOLDFAST_DATABASE', 'HOLDFAST_DATABASE_URL'],
    ['HOLDFAST_DEFAULTSTORE', 'HOLDFAST_DEFAULT_STORE'],
    ['HOLDFAST_CONFG', 'HOLDFAST_CONFIG'],
    ['HOLDFAST_STORES_LAKE_ROOOT', 'HOLDFAST_STORES_LAKE_ROOT'],
    ['HOLDFAST_STORES_BIG_LAKE_INLINE_LIMIT', 'HOLDFAST_STORES_BIG_LAKE_INLINE_LIMIT_BYTES'],
    ['HOLDFAST_STORE_LAKE_ROOT', 'HOLDFAST_STORES_LAKE_ROOT'],
    ['HOLDFAST_STORAGE_LAKE_ROOT', 'HOLDFAST_STORES_LAKE_ROOT'],
  ])('refuses %s and means %s', (name, nearest) => {
    expect(messages({ [name]: 'x' })).toEqual([
      `environment:${name} is not a setting; did you mean ${nearest}?`,
    ]);
  });

  it('refuses what begins like a setting, however it goes on', () => {
    expect(messages({ HOLDFAST_DATABASE_PASSWORD: 'hunter2' })).toEqual([
      'environment:HOLDFAST_DATABASE_PASSWORD is not a setting',
    ]);
  });

  it('never repeats the value of a variable that it does not know', () => {
    const found = environmentSettings({ HOLDFAST_DATABASE_PASSWORD: 'hunter2', HOLDFAST_TOKEN: 'hunter2' });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('leaves alone what is there for something else', () => {
    const service = [
      'SERVICE_HOST',
      'SERVICE_PORT',
      'SERVICE_PORT_HTTP',
      'PORT',
      'PORT_8080_TCP',
      'PORT_8080_TCP_ADDR',
    ];
    const names = [...service, 'VERSION', 'HOME'].map((name) => `HOLDFAST_${name}`);
    const environment = Object.fromEntries(names.map((name) => [name, 'x']));
    expect(environmentSettings(environment)).toEqual({ assignments: [], issues: [], ignored: names });
    const own = {
      HOLDFAST_CORPUS: 'x',
      HOLDFAST_TEST_PYTHON: 'x',
      HOLDFAST_INSTALL_SYSTEM: '0',
      HOLDFAST_CONFIG: 'x',
    };
    expect(environmentSettings(own)).toEqual({ assignments: [], issues: [], ignored: [] });
  });
});
