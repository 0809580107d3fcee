import { type JsonSchema, configurationJsonSchema } from './configuration-json-schema.ts';
import { registryUrls } from './registry-database.ts';

type Path = readonly PropertyKey[];

/** The names of the fields that a mapping at a place of the configuration may have. */
export function fieldsAt(path: Path, input: unknown): readonly string[] {
  return Object.keys(schemaAt(path, input)?.properties ?? {});
}

/** What may stand at a place of the configuration, in a few words each; nothing when that is not worth a word. */
export function allowedAt(path: Path, input: unknown): readonly string[] {
  if (path.length === 1 && path[0] === 'defaultStore') return Object.keys(storesOf(input));
  const found = schemaAt(path, input);
  if (found?.oneOf !== undefined)
    return found.oneOf.map(({ properties }) => String(properties?.['backend']?.const));
  if (found?.const !== undefined) return [String(found.const)];
  if (found?.minimum !== undefined) return [`${found.minimum} to ${found.maximum ?? 'any number'}`];
  if (found?.enum !== undefined) return found.enum;
  if (found?.type === 'boolean') return ['true', 'false'];
  if (path[0] === 'stores') return path[2] === 'url' ? allowedUrls(path, input) : [];
  return path.join('.') === 'database.url' ? registryUrls : [];
}

function allowedUrls(path: Path, input: unknown): readonly string[] {
  const store = Object.entries(storesOf(input)).find(([name]) => name === path[1])?.[1] as unknown;
  const { backend } = (store ?? {}) as { readonly backend?: unknown };
  return backend === 'database' ? ['sqlite:PATH', 'postgres://USER@HOST/DATABASE'] : [];
}

function storesOf(input: unknown): object {
  const stores = (input as { readonly stores?: unknown } | undefined)?.stores;
  return typeof stores === 'object' && stores !== null ? stores : {};
}

/** Follows a path through the schema; among several forms the one that the input says it has. */
function schemaAt(path: Path, input: unknown): JsonSchema | undefined {
  let schema: JsonSchema | undefined = configurationJsonSchema();
  let value = input;
  for (const [index, key] of path.entries()) {
    const isBackend = key === 'backend' && index === path.length - 1;
    if (isBackend && schema?.oneOf !== undefined) return schema;
    schema = schema?.properties?.[String(key)] ?? (schema?.additionalProperties || undefined);
    value = (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key];
    if (index < path.length - 1 || path.at(-1) !== 'backend') schema = chosenForm(schema, value);
  }
  return schema;
}

function chosenForm(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  const backend = (value as { readonly backend?: unknown } | undefined)?.backend;
  return schema?.oneOf?.find(({ properties }) => properties?.['backend']?.const === backend) ?? schema;
}
