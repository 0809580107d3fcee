import { describe, expect, it } from 'vitest';
import { printJson } from '../../test/print-json.ts';
import { sampleStores } from '../../test/sample-stores.ts';
import { configurationFields } from './configuration-fields.ts';
import { type JsonSchema, configurationJsonSchema } from './configuration-json-schema.ts';
import { parseConfiguration } from './parse-configuration.ts';

describe('configurationJsonSchema', () => {
  it('is what the package ships (vitest -u rewrites it)', async () => {
    const shipped = '../../schema/holdfast-1.schema.json';
    await expect(printJson(configurationJsonSchema())).toMatchFileSnapshot(shipped);
  });

  it('knows every field that a parsed configuration has', () => {
    const parsed = parseConfiguration({
      version: 1,
      stores: sampleStores,
      defaultStore: 'default',
      database: {
        url: 'postgres://db/models',
        schema: 'models',
        poolSize: 4,
        timeouts: {},
        credentials: { password: 'env:DATABASE_PASSWORD' },
      },
    });
    const paths = parsed.ok ? new Set(pathsOf(parsed.configuration, [])) : new Set();
    const ofSqlite = parseConfiguration({
      version: 1,
      stores: { default: { backend: 'memory' } },
      defaultStore: 'default',
      database: { url: 'sqlite:/r.db', access: 'owner' },
    });
    expect(ofSqlite.ok).toBe(true);
    for (const path of ofSqlite.ok ? pathsOf(ofSqlite.configuration, []) : []) paths.add(path);
    expect(new Set(configurationFields().map(({ path }) => path))).toEqual(paths);
  });

  it('describes every field, and refuses every other', () => {
    const nodes = nodesOf(configurationJsonSchema());
    const undescribed = nodes.filter(
      ({ description, oneOf }) => oneOf === undefined && !description?.endsWith('.'),
    );
    expect(undescribed.map(({ description }) => description)).toEqual(['Configuration of Holdfast']);
    const open = nodes.filter(
      ({ properties, additionalProperties }) => properties && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });

  it('leaves out what no file needs to say', () => {
    expect(configurationJsonSchema().required).toBeUndefined();
    expect(configurationJsonSchema().properties?.['database']?.required).toBeUndefined();
  });
});

function pathsOf(value: unknown, path: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  return Object.entries(value).flatMap(([key, child]) =>
    pathsOf(child, [...path, path[0] === 'stores' && path.length === 1 ? '*' : key]),
  );
}

function nodesOf(schema: JsonSchema): JsonSchema[] {
  const { properties = {}, additionalProperties, oneOf = [] } = schema;
  const inner = [
    ...Object.values(properties),
    ...oneOf,
    ...(additionalProperties ? [additionalProperties] : []),
  ];
  return [schema, ...inner.flatMap(nodesOf)];
}
