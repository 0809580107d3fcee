import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printTable } from './print-table.ts';

type Value = string | number | boolean;

/** The part of JSON Schema that the configuration uses. */
interface Schema {
  readonly type?: string;
  readonly const?: Value;
  readonly enum?: readonly Value[];
  readonly default?: Value;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** The backend of the store that has the field, where the field is one of a store. */
  readonly backend: string | undefined;
}

/** Every field of the configuration's JSON Schema, one a row. */
export function configurationTable(root: string): string {
  const file = join(root, 'packages', 'contracts', 'schema', 'holdfast-1.schema.json');
  const rows = fieldsOf(JSON.parse(readFileSync(file, 'utf8')) as Schema).map(
    ({ path, schema, isRequired, backend }) => [
      `\`${path}\``,
      backend === undefined ? '' : `\`${backend}\``,
      valuesOf(schema),
      defaultOf(schema, isRequired),
      path === 'version' ? '' : `\`${variableOf(path)}\``,
      schema.description ?? '',
    ],
  );
  return printTable([['field', 'of a store of', 'values', 'default', 'variable', 'meaning'], ...rows]);
}

function fieldsOf(schema: Schema, above: Partial<Field> = {}): readonly Field[] {
  const { properties, additionalProperties, oneOf, required = [] } = schema;
  const { path = '' } = above;
  if (oneOf !== undefined) return oneOf.flatMap((one) => fieldsOf(one, above));
  if (typeof additionalProperties === 'object')
    return fieldsOf(additionalProperties, { path: `${path}.NAME` });
  if (properties === undefined)
    return [{ path, schema, isRequired: above.isRequired ?? false, backend: above.backend }];
  const backend = properties['backend']?.const;
  return Object.entries(properties).flatMap(([name, property]) =>
    fieldsOf(property, {
      path: path === '' ? name : `${path}.${name}`,
      isRequired: required.includes(name),
      backend: backend === undefined ? above.backend : String(backend),
    }),
  );
}

function valuesOf({ const: only, enum: some, type = '', minimum, maximum }: Schema): string {
  const named = some ?? (only === undefined ? [] : [only]);
  if (named.length > 0) return named.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'integer') return `${minimum} to ${maximum}`;
  if (type === 'boolean') return '`true`, `false`';
  return 'text';
}

function defaultOf({ default: value }: Schema, isRequired: boolean): string {
  if (value !== undefined) return `\`${String(value)}\``;
  return isRequired ? 'required' : '';
}

function variableOf(path: string): string {
  return `HOLDFAST_${path
    .replaceAll(/(?<=[a-z])[A-Z]/g, '_$&')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}
