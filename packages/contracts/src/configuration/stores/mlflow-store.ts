import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import type { ConfigurationIssue } from '../configuration-issue.ts';
import type { Configuration } from '../configuration.ts';

const longestTimeoutMs = 3_600_000;

/** A store among the artifacts of an MLflow server. */
export interface MlflowStoreConfiguration {
  readonly backend: 'mlflow';
  /** The tracking server. */
  readonly endpoint: string;
  /** The folder of artifacts in which the store lies; it ends with `/`. */
  readonly prefix: string;
  /** Where a token is, as `env:NAME` or `file:PATH`. */
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  /** Where the password is, as `env:NAME` or `file:PATH`. */
  readonly password?: string | undefined;
  /** Most connections at once. */
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

const secretReference = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'is not a reference: write env:NAME or file:PATH');

/** What a configuration says of a store among the artifacts of an MLflow server. */
export const mlflowStore: z.ZodType<MlflowStoreConfiguration> & z.core.$ZodTypeDiscriminable = z
  .strictObject({
    backend: z.literal(StorageBackend.Mlflow).describe('The artifacts of an MLflow server.'),
    endpoint: z
      .string()
      .regex(
        /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/,
        'is not a URL that begins with http:// or https://, without user, password or query',
      )
      .describe(
        'The address of the tracking server, such as https://mlflow.example.org. MLFLOW_TRACKING_URI where it is not given.',
      ),
    prefix: z
      .string()
      .regex(/^(?:[^/].*\/)?$/, 'has to end with / and not to begin with it')
      .default('')
      .describe('The folder of artifacts in which the store lies, such as holdfast/models/.'),
    token: secretReference
      .optional()
      .describe(
        'Where the token is: env:NAME or file:PATH. MLFLOW_TRACKING_TOKEN where no credentials are given.',
      ),
    username: z
      .string()
      .min(1)
      .optional()
      .describe('Who signs in, with a password. MLFLOW_TRACKING_USERNAME where no credentials are given.'),
    password: secretReference
      .optional()
      .describe(
        'Where the password is: env:NAME or file:PATH. MLFLOW_TRACKING_PASSWORD where no credentials are given.',
      ),
    poolSize: z.int().min(1).max(1_024).default(32).describe('Most connections at once.'),
    connectTimeoutMs: timeoutMs(5_000, 'How long a connection may take to stand, in milliseconds.'),
    answerTimeoutMs: timeoutMs(
      30_000,
      'How long an answer may take to begin, in milliseconds, the time for sending apart.',
    ),
    idleTimeoutMs: timeoutMs(30_000, 'How long a body may be silent, in milliseconds.'),
  })
  .describe('A store among the artifacts of an MLflow server.');

/** Credentials that are half given, or given twice. */
export function mlflowStoreIssues({ stores }: Configuration): readonly ConfigurationIssue[] {
  return Object.entries(stores).flatMap(([name, store]) => {
    if (store.backend !== 'mlflow') return [];
    const { token, username, password } = store;
    const at = (field: string, message: string) => [{ path: `stores.${name}.${field}`, message }];
    if (username !== undefined && password === undefined) return at('password', 'is missing beside username');
    if (password !== undefined && username === undefined) return at('username', 'is missing beside password');
    return token === undefined || username === undefined
      ? []
      : at('token', 'means nothing beside username and password');
  });
}

function timeoutMs(usual: number, description: string) {
  return z.int().min(1).max(longestTimeoutMs).default(usual).describe(description);
}
