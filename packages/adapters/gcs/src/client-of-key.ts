import type {
  AuthClient,
  AwsClientOptions,
  ExternalAccountAuthorizedUserClientOptions,
  IdentityPoolClientOptions,
  PluggableAuthClientOptions,
} from 'google-auth-library';
import { unknownKey, withoutCredentials } from './to-storage-error.ts';

/** What the objects of a bucket ask for, and signing without a key. */
const scopes = ['https://www.googleapis.com/auth/cloud-platform'];

/** The content of a key file. */
export type KeyContent = Readonly<Record<string, unknown>>;

/** Makes the client of a key, by the type that it says it has: https://google.aip.dev/auth */
export async function clientOfKey(key: KeyContent, name: string): Promise<AuthClient> {
  const library = await import('google-auth-library');
  try {
    switch (key['type']) {
      case 'service_account': {
        const client = new library.JWT({ scopes });
        client.fromJSON(key);
        return client;
      }
      case 'authorized_user': {
        const client = new library.UserRefreshClient();
        client.fromJSON(key);
        return client;
      }
      case 'external_account':
        return externalClient(library, key);
      case 'external_account_authorized_user':
        return new library.ExternalAccountAuthorizedUserClient(
          key as unknown as ExternalAccountAuthorizedUserClientOptions,
        );
      default:
        break;
    }
  } catch (error) {
    throw withoutCredentials(error);
  }
  throw unknownKey(name);
}

function externalClient(library: typeof import('google-auth-library'), key: KeyContent): AuthClient {
  const source = (key['credential_source'] ?? {}) as KeyContent;
  const options: unknown = { ...key, scopes };
  if (source['environment_id'] !== undefined) return new library.AwsClient(options as AwsClientOptions);
  if (source['executable'] !== undefined)
    return new library.PluggableAuthClient(options as PluggableAuthClientOptions);
  return new library.IdentityPoolClient(options as IdentityPoolClientOptions);
}
