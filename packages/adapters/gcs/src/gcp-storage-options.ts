import type { CloudStorageConfiguration } from '@holdfast/adapter-kit';

/** Who sends the requests, by reference: no secret stands in a configuration. */
export type GcpCredentials =
  /** What Google's libraries find: `GOOGLE_APPLICATION_CREDENTIALS`, `gcloud`, the machine's service account. */
  | 'default'
  /** Nobody: for emulators, and for buckets that everybody may read. */
  | 'anonymous'
  /** The path of a key file: of a service account, an external account or a user. */
  | { readonly keyFile: string }
  /** The name of an environment variable that holds the JSON of such a file. */
  | { readonly environment: string }
  /** Gives the JSON of such a file; asked once, when it is first needed. */
  | (() => Promise<string>);

/** How a `GcpStorageAdapter` is made. */
export interface GcpStorageOptions extends CloudStorageConfiguration {
  /**
   * An endpoint that is not Google's gets Google's credentials only when they are named here, and none at all without
   * encryption, unless it is of this machine.
   *
   * @default 'default' for Google's own endpoints, 'anonymous' for an endpoint of this machine
   */
  readonly credentials?: GcpCredentials | undefined;
  /** Whether the bucket keeps old versions, so that `get` and `head` take a `version`. @default false */
  readonly versions?: boolean | undefined;
}
