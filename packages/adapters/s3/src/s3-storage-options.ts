import type { CloudStorageConfiguration } from '@holdfast/adapter-kit';

/** Who signs the requests, by reference: no secret stands in a configuration. */
export type S3Credentials =
  /** A profile of the shared files of AWS, such as `~/.aws/credentials`. */
  | { readonly profile: string }
  /** The names of environment variables that hold the keys. */
  | { readonly environment: S3CredentialVariables }
  /** Asked whenever keys are needed and those from before have expired. */
  | (() => Promise<S3Keys>);

/** Which environment variables hold the keys. */
export interface S3CredentialVariables {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Keys as AWS gives them out. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** How an `S3StorageAdapter` is made. */
export interface S3StorageOptions extends CloudStorageConfiguration {
  /** @default what AWS's own settings say, such as `AWS_REGION`; `us-east-1` where an endpoint is given */
  readonly region?: string | undefined;
  /** Puts the bucket into the path instead of the host's name. @default true where an endpoint is given */
  readonly forcePathStyle?: boolean | undefined;
  /** @default AWS's own chain: environment, shared files, container, instance */
  readonly credentials?: S3Credentials | undefined;
  /** Whether the bucket keeps versions, so that `get` and `head` take a `version`. @default false */
  readonly versions?: boolean;
}
