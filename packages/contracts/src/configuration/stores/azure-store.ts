import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import type { ConfigurationIssue } from '../configuration-issue.ts';
import { type CloudFields, cloudFields, endpoint } from './cloud-fields.ts';
import { type SecretReference, secretReference } from './secret-reference.ts';
import type { StoreSchema } from './store-schema.ts';

/** A store in a container of Azure Blob Storage. */
export interface AzureStoreConfiguration extends CloudFields {
  readonly backend: 'azure_blob';
  readonly container: string;
  readonly account?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly versions: boolean;
  readonly credentials?: AzureCredentialsConfiguration | undefined;
}

/** One of them. Without any, what the variables of Azure's command line say. */
export interface AzureCredentialsConfiguration {
  readonly connectionString?: SecretReference | undefined;
  readonly accountKey?: SecretReference | undefined;
  readonly sas?: SecretReference | undefined;
  readonly anonymous?: true | undefined;
}

const credentials = z
  .strictObject({
    connectionString: secretReference('The connection string').optional(),
    accountKey: secretReference('A key of the account').optional(),
    sas: secretReference('A shared access signature').optional(),
    anonymous: z
      .literal(true)
      .optional()
      .describe('No credentials are sent: for containers that are open to the public.'),
  })
  .describe(
    'Who asks: one of these fields. When not given, AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.',
  );

/** The schema of such a store. */
export const azureStore: StoreSchema<AzureStoreConfiguration> = z
  .strictObject({
    backend: z.literal(StorageBackend.AzureBlob).describe('A container of Azure Blob Storage.'),
    container: z
      .string()
      .regex(
        /^(?:\$root|\$web|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)$/,
        'is not the name of a container: 3 to 63 lower-case letters, digits and single hyphens',
      )
      .describe('The container. It must exist.'),
    account: z
      .string()
      .regex(/^[a-z0-9]{3,24}$/, 'is not the name of an account: 3 to 24 lower-case letters and digits')
      .optional()
      .describe(
        'The storage account; that of the endpoint, of the connection string or AZURE_STORAGE_ACCOUNT when not given.',
      ),
    endpoint: endpoint.optional(),
    versions: z.boolean().default(false).describe('Whether the account keeps versions.'),
    credentials: credentials.optional(),
    ...cloudFields,
  })
  .describe('A store in a container of Azure Blob Storage.');

/** What is wrong between the fields of such a store. */
export function azureStoreIssues(
  name: string,
  { credentials: given, account, endpoint: address }: AzureStoreConfiguration,
): readonly ConfigurationIssue[] {
  if (given === undefined) return [];
  const path = `stores.${name}.credentials`;
  if (Object.values(given).filter((one) => one !== undefined).length !== 1)
    return [{ path, message: 'needs one of connectionString, accountKey, sas and anonymous' }];
  const isNamedTwice =
    given.connectionString !== undefined && (account !== undefined || address !== undefined);
  const message = 'names account and endpoint by itself: leave out the fields account and endpoint';
  return isNamedTwice ? [{ path: `${path}.connectionString`, message }] : [];
}
