import { CloudStorageAdapter, assertOptions } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import type { GcpStorageOptions } from './gcp-storage-options.ts';
import { GcsDriver } from './gcs-driver.ts';
import { resolveGcpConfiguration } from './resolve-gcp-configuration.ts';

/**
 * Objects in a bucket of Google Cloud Storage. The bucket has to be there; nothing is loaded and nobody is asked before
 * the first operation. An etag is the object's generation.
 */
export class GcpStorageAdapter extends CloudStorageAdapter {
  /** @throws StorageError `invalid-configuration` naming the field. */
  constructor(options: GcpStorageOptions) {
    assertOptions(options, {
      backend: StorageBackend.GcpStorage,
      example: "new GcpStorageAdapter({ bucket: 'models' })",
      texts: ['bucket'],
    });
    const configuration = resolveGcpConfiguration(options);
    super({ driver: new GcsDriver(configuration, { versions: options.versions ?? false }), configuration });
  }
}
