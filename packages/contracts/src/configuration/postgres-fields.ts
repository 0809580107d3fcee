import { z } from 'zod';
import { type SecretReference, secretReference } from './stores/secret-reference.ts';

/** How a PostgreSQL server is reached and used, in milliseconds. */
export interface PostgresTimeouts {
  readonly connectMs: number;
  readonly statementMs: number;
}

/** The fields of whatever lies in PostgreSQL, beside its URL. */
export interface PostgresFields {
  /** PostgreSQL: the schema that holds the tables. */
  readonly schema?: string | undefined;
  /** PostgreSQL: most connections at once. */
  readonly poolSize?: number | undefined;
  /** PostgreSQL: how long anything is waited for. */
  readonly timeouts?: PostgresTimeouts | undefined;
  readonly credentials?: { readonly password?: SecretReference | undefined } | undefined;
}

const longestMs = 3_600_000;

/** The names of {@link PostgresFields}. */
export const postgresFieldNames = ['schema', 'poolSize', 'timeouts', 'credentials'] as const;

/**
 * The URL of a PostgreSQL database as a part of a pattern. Its user has no password: what stands before `@` has no
 * colon, and no field can hold one.
 */
export const postgresUrlPattern: string =
  /postgres(?:ql)?:\/\/(?:[^:@/?#]*@)?[^@/?#]*\/[^?#]+(?:\?(?:host|port|sslmode|sslrootcert)=[^&#]*(?:&(?:host|port|sslmode|sslrootcert)=[^&#]*)*)?/
    .source;

/** What is wrong with a URL of PostgreSQL that is not of this pattern; nothing when it is of another kind. */
export function whyNotPostgresUrl(url: string): string | undefined {
  if (/^postgres(?:ql)?:\/\/[^@/]*:[^@]*@|[?&]password=/i.test(url))
    return 'holds a password: leave it out, and name where it is as credentials.password';
  return /^postgres(?:ql)?:/i.test(url)
    ? 'is not postgres://USER@HOST:PORT/DATABASE, with host, port, sslmode and sslrootcert after ? where needed'
    : undefined;
}

/** The schemas of {@link PostgresFields}. */
export type PostgresFieldSchemas = {
  readonly [Name in (typeof postgresFieldNames)[number]]: z.ZodType<PostgresFields[Name]>;
};

/** The schemas of {@link PostgresFields}. */
export function postgresFields({ schema, what, leastPoolSize }: PostgresFieldOptions): PostgresFieldSchemas {
  return {
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and "_"')
      .optional()
      .describe(
        `PostgreSQL: the schema that holds the tables; ${schema} when not given. Two schemas are two ${what}.`,
      ),
    poolSize: z
      .int()
      .min(leastPoolSize)
      .max(1_000)
      .optional()
      .describe('PostgreSQL: most connections at once; 10 when not given.'),
    timeouts: z
      .strictObject({
        connectMs: duration(5_000, 'Until a connection is made, in milliseconds.'),
        statementMs: duration(30_000, 'Until a statement is answered, in milliseconds.'),
      })
      .optional()
      .describe('PostgreSQL: how long anything is waited for.'),
    credentials: z
      .strictObject({ password: secretReference('The password of the user').optional() })
      .optional()
      .describe('PostgreSQL: who signs in, beside the user of the URL.'),
  };
}

/** What differs between the things that lie in PostgreSQL. */
export interface PostgresFieldOptions {
  /** The schema that is used when none is named. */
  readonly schema: string;
  /** What two schemas are. */
  readonly what: 'stores' | 'registries';
  readonly leastPoolSize: number;
}

function duration(usual: number, description: string) {
  return z.int().min(1).max(longestMs).default(usual).describe(description);
}
