import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import { type CloudTimeouts, cloudFields } from './cloud-fields.ts';
import { type SecretReference, secretReference } from './secret-reference.ts';
import type { StoreSchema } from './store-schema.ts';

/** A store in Redis, on one server or in a cluster. */
export interface RedisStoreConfiguration {
  readonly backend: 'redis';
  /** One address, or several nodes of a cluster with commas between them. */
  readonly url: string;
  readonly prefix: string;
  readonly credentials?: RedisCredentialsConfiguration | undefined;
  readonly poolSize: number;
  readonly maximumSizeBytes: number;
  readonly durability: 'appendonly' | 'none';
  readonly keep: { readonly stagedMs: number; readonly replacedMs: number };
  readonly timeouts: CloudTimeouts;
}

/** Who signs in. */
export interface RedisCredentialsConfiguration {
  readonly username?: string | undefined;
  readonly password: SecretReference;
}

const largestObjectBytes = 17_179_869_184;
const longestMs = 86_400_000;
const mostConnections = 1_000;
const address = /(?:rediss?:\/\/[^\s,@?#/]+(?:\/\d*)?|unix:\/\/\/[^\s,@?#]+)/.source;

/** The schema of such a store. */
export const redisStore: StoreSchema<RedisStoreConfiguration> = z
  .strictObject({
    backend: z.literal(StorageBackend.Redis).describe('A server of Redis, or a cluster.'),
    url: z
      .string()
      .regex(
        new RegExp(`^${address}(?:,${address})*$`),
        'is not an address such as redis://host:6379/0, rediss://host or unix:///path, without user or query',
      )
      .describe(
        'The server: redis://host:6379/0, rediss:// where it is encrypted, unix:///path for a socket. Of a cluster any node, or several with commas between them.',
      ),
    prefix: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^{}]*$/, 'has braces')
      .default('holdfast')
      .describe('Names the store on the server. Two prefixes are two stores.'),
    credentials: z
      .strictObject({
        username: z.string().min(1).optional().describe("The user; the server's default one when not given."),
        password: secretReference('The password'),
      })
      .optional()
      .describe('The credentials; none if not given.'),
    poolSize: z.int().min(1).max(mostConnections).default(8).describe('Most connections at once.'),
    maximumSizeBytes: z
      .int()
      .min(1)
      .max(largestObjectBytes)
      .default(536_870_912)
      .describe('Largest object. All objects are kept in the memory of the server.'),
    durability: z
      .enum(['appendonly', 'none'])
      .default('appendonly')
      .describe(
        'What doctor asks of the server: appendonly, that it keeps objects across a restart; none, nothing.',
      ),
    keep: z
      .strictObject({
        stagedMs: z
          .int()
          .min(1_000)
          .max(longestMs)
          .default(600_000)
          .describe('How long the bytes of a writer that was killed stay, in milliseconds.'),
        replacedMs: z
          .int()
          .min(0)
          .max(longestMs)
          .default(60_000)
          .describe(
            'How long the bytes of a replaced or deleted object stay for its readers, in milliseconds.',
          ),
      })
      .prefault({})
      .describe('How long bytes stay that no object names.'),
    timeouts: cloudFields.timeouts,
  })
  .describe('A store in Redis.');
