import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import { busyTimeoutMs } from './busy-timeout.ts';
import { type Configuration, configurationVersion } from './configuration.ts';
import { localAccess } from './local-access.ts';
import { registryDatabase } from './registry-database.ts';
import { azureStore } from './stores/azure-store.ts';
import { databaseStore } from './stores/database-store.ts';
import { gcsStore } from './stores/gcs-store.ts';
import { mlflowStore } from './stores/mlflow-store.ts';
import { redisStore } from './stores/redis-store.ts';
import { s3Store } from './stores/s3-store.ts';

const largestInlineBytes = 1_048_576;

const storeName = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
  .max(63);

const localFilesystemStore = z
  .strictObject({
    backend: z.literal(StorageBackend.LocalFilesystem).describe('A folder of this machine.'),
    root: z
      .string()
      .min(1)
      .describe("The store's folder. A relative one begins in the folder of the configuration file."),
    layout: z
      .enum(['store', 'plain'])
      .default('store')
      .describe(
        'How objects are kept: store, with an index, in a folder that only Holdfast uses; plain, as the files of an existing folder.',
      ),
    createIfMissing: z
      .boolean()
      .default(true)
      .describe(
        'Whether a missing store reads as empty and is made by the first write; else it is an error.',
      ),
    durability: z
      .enum(['full', 'data', 'none'])
      .default('full')
      .describe(
        'When a write is on the disk: full, when it is acknowledged; data, its bytes are, but a power cut can take back the last writes; none, when the system gets to it.',
      ),
    access: localAccess(),
    inlineLimitBytes: z
      .int()
      .min(0)
      .max(largestInlineBytes)
      .default(16_384)
      .describe(
        "Objects up to this size are stored in the store's index, larger ones in separate files. Not with layout: plain.",
      ),
    busyTimeoutMs: busyTimeoutMs(30_000, ' Not with layout: plain.'),
    medium: z
      .enum(['local', 'network'])
      .optional()
      .describe(
        'What the folder is on; detected on Linux if not given. In a network folder one host uses the store. Not with layout: plain.',
      ),
  })
  .describe('A store in a folder of this machine.');

const memoryStore = z
  .strictObject({
    backend: z.literal(StorageBackend.Memory).describe('The memory of the process.'),
  })
  .describe('A store in the memory of the process, gone with it.');

const stores = z
  .record(
    storeName,
    z.discriminatedUnion('backend', [
      localFilesystemStore,
      memoryStore,
      s3Store,
      azureStore,
      gcsStore,
      redisStore,
      mlflowStore,
      databaseStore,
    ]),
  )
  .describe('Where bytes are kept: stores by name.');

const databaseDescription = 'Where the registry keeps its records.';

const configuration = z.strictObject({
  version: z.literal(configurationVersion).describe('The version of this file; 1 when it is not given.'),
  stores,
  defaultStore: storeName.describe(
    'The store that is used when none is named. Not needed where there is one store, or one named default.',
  ),
  database: registryDatabase.describe(databaseDescription),
});

/** A complete configuration. Misspelt fields are errors. */
export const configurationSchema: z.ZodType<Configuration> = configuration;

/** A configuration file: every part of it may be missing. */
export const configurationFileSchema: z.ZodType = configuration
  .extend({ database: registryDatabase.partial().describe(databaseDescription) })
  .partial()
  .describe('Configuration of Holdfast');
