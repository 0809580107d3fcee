import type { CloudStorageConfiguration } from '@holdfast/adapter-kit';

/** What a server that asks for it is told with every request. */
export type MlflowCredentials =
  /** Sent as `Authorization: Bearer`. */
  | { readonly token: string }
  /** Sent as `Authorization: Basic`. */
  | { readonly username: string; readonly password: string };

/** How an `MLflowStorageAdapter` is made. */
export interface MlflowStorageOptions extends Omit<CloudStorageConfiguration, 'bucket' | 'endpoint'> {
  /** The tracking server, such as `https://mlflow.example.org` or `http://127.0.0.1:5000/behind/a/path`. */
  readonly endpoint: string;
  /** Asked before every request, so that a token can be renewed. @default none are sent */
  readonly credentials?: () => Promise<MlflowCredentials | undefined>;
  /** Where objects that take more than one part wait until they are whole. @default the system's temporary folder */
  readonly spoolFolder?: string | undefined;
}
