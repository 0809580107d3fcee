import { z } from 'zod';
import { configurationFileSchema } from './configuration-schema.ts';

/** The parts of a JSON Schema that the one of the configuration is made of. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
  readonly oneOf?: readonly JsonSchema[];
}

/** The JSON Schema (draft 7) of a configuration file, with which editors complete and check it. */
export function configurationJsonSchema(): JsonSchema {
  return z.toJSONSchema(configurationFileSchema, { target: 'draft-7', io: 'input' }) as JsonSchema;
}
