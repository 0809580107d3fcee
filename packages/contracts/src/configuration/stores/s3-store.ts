import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import type { ConfigurationIssue } from '../configuration-issue.ts';
import { type CloudFields, cloudFields, endpoint } from './cloud-fields.ts';
import { type SecretReference, secretReference } from './secret-reference.ts';
import type { StoreSchema } from './store-schema.ts';

/** A store in a bucket of Amazon S3, or of a server that speaks its protocol. */
export interface S3StoreConfiguration extends CloudFields {
  readonly backend: 'aws_s3';
  readonly bucket: string;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly forcePathStyle?: boolean | undefined;
  readonly versions: boolean;
  readonly credentials?: S3CredentialsConfiguration | undefined;
}

/** A profile, or keys by reference. Without them, AWS's own chain. */
export interface S3CredentialsConfiguration {
  readonly profile?: string | undefined;
  readonly accessKeyId?: SecretReference | undefined;
  readonly secretAccessKey?: SecretReference | undefined;
  readonly sessionToken?: SecretReference | undefined;
}

const credentials = z
  .strictObject({
    profile: z.string().min(1).optional().describe("A profile of AWS's shared files, in the place of keys."),
    accessKeyId: secretReference('The access key').optional(),
    secretAccessKey: secretReference('The secret key').optional(),
    sessionToken: secretReference('The session token').optional(),
  })
  .describe(
    "Who signs the requests; AWS's own chain when not given: environment, shared files, workload identity.",
  );

/** The schema of such a store. */
export const s3Store: StoreSchema<S3StoreConfiguration> = z
  .strictObject({
    backend: z
      .literal(StorageBackend.AwsS3)
      .describe('A bucket of Amazon S3, or of a server that speaks its protocol.'),
    bucket: z.string().min(1).describe('The bucket. It must exist.'),
    endpoint: endpoint.optional(),
    region: z
      .string()
      .min(1)
      .optional()
      .describe("The bucket's region; what AWS's own settings say when not given."),
    forcePathStyle: z
      .boolean()
      .optional()
      .describe(
        "Whether the bucket is part of the path instead of the host's name; true if an endpoint is given.",
      ),
    versions: z.boolean().default(false).describe('Whether the bucket keeps versions.'),
    credentials: credentials.optional(),
    ...cloudFields,
  })
  .describe('A store in a bucket of Amazon S3.');

/** What is wrong between the fields of such a store. */
export function s3StoreIssues(
  name: string,
  { credentials: given }: S3StoreConfiguration,
): readonly ConfigurationIssue[] {
  if (given === undefined) return [];
  const keys = [given.accessKeyId, given.secretAccessKey, given.sessionToken];
  const isRight =
    given.profile === undefined
      ? given.accessKeyId !== undefined && given.secretAccessKey !== undefined
      : keys.every((key) => key === undefined);
  if (isRight) return [];
  const message = 'needs either profile, or accessKeyId and secretAccessKey';
  return [{ path: `stores.${name}.credentials`, message }];
}
