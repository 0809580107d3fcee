import { CloudStorageAdapter, resolveCloudConfiguration, assertOptions } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import type { AzureBlobStorageOptions } from './azure-blob-storage-options.ts';
import { AzureDriver } from './azure-driver.ts';
import { resolvePlace } from './resolve-place.ts';

/**
 * Objects as block blobs in a container of Azure Blob Storage. The container has to be there; nothing is loaded and
 * nobody is asked before the first operation.
 */
export class AzureBlobStorageAdapter extends CloudStorageAdapter {
  /** @throws StorageError `invalid-configuration` naming the field. */
  constructor(options: AzureBlobStorageOptions) {
    assertOptions(options, {
      backend: StorageBackend.AzureBlob,
      example: "new AzureBlobStorageAdapter({ container: 'models' })",
      texts: ['container'],
    });
    const { container, endpoint: _given, ...rest } = options;
    const place = resolvePlace(options, process.env);
    const endpoint = place.endpoint === undefined ? {} : { endpoint: place.endpoint };
    const configuration = resolveCloudConfiguration(
      { ...rest, ...endpoint, bucket: container },
      StorageBackend.AzureBlob,
    );
    super({ driver: new AzureDriver(configuration, place), configuration });
  }
}
