import { type JsonSchema, configurationJsonSchema } from './configuration-json-schema.ts';

/** A field that holds one value. */
export interface ConfigurationField {
  /** Its place; `*` stands for the name of a store, as in `stores.*.root`. */
  readonly path: string;
  readonly kind: 'text' | 'integer' | 'boolean';
  readonly description: string;
  /** The value when it is not given, where that does not depend on the folder. */
  readonly default?: string | number | boolean;
}

/** Every field of the configuration that holds one value, in the order of the schema. */
export function configurationFields(): readonly ConfigurationField[] {
  const fields = new Map<string, ConfigurationField>();
  for (const field of fieldsOf(configurationJsonSchema(), [])) {
    if (!fields.has(field.path)) fields.set(field.path, field);
  }
  return [...fields.values()];
}

function fieldsOf(schema: JsonSchema, path: readonly string[]): ConfigurationField[] {
  const { properties = {}, additionalProperties, oneOf = [] } = schema;
  const nested = [
    ...Object.entries(properties).flatMap(([name, property]) => fieldsOf(property, [...path, name])),
    ...(additionalProperties ? fieldsOf(additionalProperties, [...path, '*']) : []),
    ...oneOf.flatMap((option) => fieldsOf(option, path)),
  ];
  if (schema.properties !== undefined || nested.length > 0) return nested;
  return [
    {
      path: path.join('.'),
      kind: kindOf(schema),
      description: schema.description ?? '',
      ...(schema.default === undefined ? {} : { default: schema.default }),
    },
  ];
}

function kindOf({ type }: JsonSchema): ConfigurationField['kind'] {
  if (type === 'boolean') return 'boolean';
  return type === 'integer' || type === 'number' ? 'integer' : 'text';
}
