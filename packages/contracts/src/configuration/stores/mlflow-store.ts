import { StorageBackend } from '@holdfast/domain';
import { z } from 'zod';
import type { ConfigurationIssue } from '../configuration-issue.ts';
import { type CloudFields, cloudFields, endpoint } from './cloud-fields.ts';
import { type SecretReference, secretReference } from './secret-reference.ts';
import type { StoreSchema } from './store-schema.ts';

/** A store among the artifacts of an MLflow server. */
export interface MlflowStoreConfiguration extends CloudFields {
  readonly backend: 'mlflow';
  /** The tracking server. */
  readonly endpoint: string;
  readonly credentials?: MlflowCredentialsConfiguration | undefined;
}

/** Who asks: a token, or a username and a password. */
export interface MlflowCredentialsConfiguration {
  readonly token?: SecretReference | undefined;
  readonly username?: string | undefined;
  readonly password?: SecretReference | undefined;
}

const credentials = z
  .strictObject({
    token: secretReference('The token').optional(),
    username: z.string().min(1).optional().describe('The name of the user, beside a password.'),
    password: secretReference('The password').optional(),
  })
  .describe(
    'Who asks. Left out for MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, else MLFLOW_TRACKING_TOKEN.',
  );

/** The fields of a store among the artifacts of an MLflow server. */
export const mlflowStore: StoreSchema<MlflowStoreConfiguration> = z
  .strictObject({
    backend: z.literal(StorageBackend.Mlflow).describe('The artifacts of an MLflow server.'),
    endpoint: endpoint.describe(
      'The address of the tracking server, such as https://mlflow.example.org. Left out for MLFLOW_TRACKING_URI.',
    ),
    ...cloudFields,
    credentials: credentials.optional(),
  })
  .describe('A store among the artifacts of an MLflow server.');

/** What is wrong between the fields of such a store. */
export function mlflowStoreIssues(
  name: string,
  { credentials: given }: MlflowStoreConfiguration,
): readonly ConfigurationIssue[] {
  if (given === undefined) return [];
  const { token, username, password } = given;
  const isRight =
    token === undefined
      ? username !== undefined && password !== undefined
      : username === undefined && password === undefined;
  if (isRight) return [];
  return [{ path: `stores.${name}.credentials`, message: 'needs either token, or username and password' }];
}
