import { AzureBlobStorageAdapter } from '@holdfast/adapter-azure';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { GcpStorageAdapter } from '@holdfast/adapter-gcs';
import { RedisStorageAdapter } from '@holdfast/adapter-redis';
import { S3StorageAdapter } from '@holdfast/adapter-s3';
import { DatabaseStorageAdapter } from '@holdfast/adapter-sql';
import type { StorageAdapter } from '@holdfast/ports';
import { azureTestAccount, s3TestKeys } from '@holdfast/tooling-services';

/** Where several processes count, told to them as text. */
export type CounterPlace =
  | { readonly backend: 'filesystem'; readonly root: string }
  | { readonly backend: 'database' | 'redis'; readonly url: string }
  | { readonly backend: 's3' | 'gcs' | 'azure'; readonly endpoint: string; readonly bucket: string };

/** Who loses a race waits for a moment and never gives up. */
const retry = { attempts: 100 } as const;

/** Opens the store of a place. */
export function openCounterPlace(place: CounterPlace): StorageAdapter {
  switch (place.backend) {
    case 'filesystem':
      return new FilesystemStorageAdapter({ root: place.root });
    case 'database':
      return new DatabaseStorageAdapter({ url: place.url });
    case 'redis':
      return new RedisStorageAdapter({ url: place.url, durability: 'none' });
    case 's3':
      return new S3StorageAdapter({ ...place, credentials: async () => s3TestKeys, retry });
    case 'gcs':
      return new GcpStorageAdapter({ ...place, retry });
    case 'azure':
      return new AzureBlobStorageAdapter({
        endpoint: place.endpoint,
        container: place.bucket,
        credentials: { accountKey: () => azureTestAccount.accountKey },
        retry,
      });
  }
}
