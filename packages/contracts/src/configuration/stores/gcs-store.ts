import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import type { ConfigurationIssue } from '../configuration-issue.ts';
import { type CloudFields, cloudFields, endpoint } from './cloud-fields.ts';
import { type SecretReference, secretReference } from './secret-reference.ts';
import type { StoreSchema } from './store-schema.ts';

/** A store in a bucket of Google Cloud Storage. */
export interface GcsStoreConfiguration extends CloudFields {
  readonly backend: 'gcp_storage';
  readonly bucket: string;
  readonly endpoint?: string | undefined;
  readonly versions: boolean;
  readonly credentials?: GcsCredentialsConfiguration | undefined;
}

/** One of them. Without any, Google's own chain; nobody for an endpoint of this machine. */
export interface GcsCredentialsConfiguration {
  readonly key?: SecretReference | undefined;
  readonly applicationDefault?: true | undefined;
  readonly anonymous?: true | undefined;
}

const credentials = z
  .strictObject({
    key: secretReference(
      'The JSON of a key file, of a service account, an external account or a user',
    ).optional(),
    applicationDefault: z
      .literal(true)
      .optional()
      .describe("Google's own chain, also where the endpoint is not Google's."),
    anonymous: z
      .literal(true)
      .optional()
      .describe('No credentials are sent: for emulators, and for buckets that are open to the public.'),
  })
  .describe(
    "One of these fields. If not given, Google's own chain: GOOGLE_APPLICATION_CREDENTIALS, gcloud, the machine's service account; none for an endpoint of this machine.",
  );

/** The schema of such a store. */
export const gcsStore: StoreSchema<GcsStoreConfiguration> = z
  .strictObject({
    backend: z.literal(StorageBackend.GcpStorage).describe('A bucket of Google Cloud Storage.'),
    bucket: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
        'is not the name of a bucket: 3 to 222 lower-case letters, digits, hyphens, underscores and dots',
      )
      .describe('The bucket. It must exist.'),
    endpoint: endpoint.optional(),
    versions: z.boolean().default(false).describe('Whether the bucket keeps versions.'),
    credentials: credentials.optional(),
    ...cloudFields,
  })
  .describe('A store in a bucket of Google Cloud Storage.');

/** What is wrong between the fields of such a store. */
export function gcsStoreIssues(
  name: string,
  { credentials: given }: GcsStoreConfiguration,
): readonly ConfigurationIssue[] {
  if (given === undefined || Object.values(given).filter((one) => one !== undefined).length === 1) return [];
  return [
    { path: `stores.${name}.credentials`, message: 'needs one of key, applicationDefault and anonymous' },
  ];
}
