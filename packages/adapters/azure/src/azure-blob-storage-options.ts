import type { CloudStorageConfiguration } from '@holdfast/adapter-kit';

/** A secret by reference: the name of an environment variable, or a function that is asked when it is needed. */
export type AzureSecret = { readonly environment: string } | (() => string | Promise<string>);

/** What gives out tokens of Microsoft Entra, such as `DefaultAzureCredential` of `@azure/identity`. */
export interface AzureTokenCredential {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** Who asks. */
export type AzureCredentials =
  /** Names the account and its endpoint, too: neither is given beside it. */
  | { readonly connectionString: AzureSecret }
  | { readonly accountKey: AzureSecret }
  /** A shared access signature of the container or the account, with or without its `?`. */
  | { readonly sas: AzureSecret }
  | { readonly token: AzureTokenCredential }
  /** Nobody: for containers that are open to the public. */
  | 'anonymous';

/** How an `AzureBlobStorageAdapter` is made. */
export interface AzureBlobStorageOptions extends Omit<CloudStorageConfiguration, 'bucket' | 'endpoint'> {
  readonly container: string;
  /** The storage account. @default that of the endpoint, of the connection string, or `AZURE_STORAGE_ACCOUNT` */
  readonly account?: string | undefined;
  /** The address of the account's blobs. @default `https://ACCOUNT.blob.core.windows.net` */
  readonly endpoint?: string | undefined;
  /**
   * @default what the variables of Azure's command line say: `AZURE_STORAGE_CONNECTION_STRING`, `AZURE_STORAGE_KEY` or
   *   `AZURE_STORAGE_SAS_TOKEN`, in this order
   */
  readonly credentials?: AzureCredentials | undefined;
  /** Whether the account keeps versions, so that `get` and `head` take a `version`. @default false */
  readonly versions?: boolean | undefined;
}
