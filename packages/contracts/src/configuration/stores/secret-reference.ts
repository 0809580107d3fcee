import { z } from 'zod';

/** Where a secret is kept: `env:NAME` or `file:PATH`. The secret itself never stands in a configuration. */
export type SecretReference = `env:${string}` | `file:${string}`;

/** The field of a secret. What is given there by mistake may be one, so no message shows it. */
export function secretReference(what: string): z.ZodType<SecretReference> {
  return z
    .templateLiteral([z.enum(['env', 'file']), ':', z.string().min(1)])
    .describe(`${what}, by reference: env:NAME or file:PATH.`);
}
