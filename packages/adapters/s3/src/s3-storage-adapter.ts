import { CloudStorageAdapter, resolveCloudConfiguration, assertOptions } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { S3Driver } from './s3-driver.ts';
import type { S3StorageOptions } from './s3-storage-options.ts';

/**
 * Objects in a bucket of Amazon S3, or of a server that speaks its protocol. The bucket has to be there; nothing is
 * loaded and nobody is asked before the first operation.
 *
 * An etag of S3 is made from the bytes: writing the same bytes again gives the same etag.
 */
export class S3StorageAdapter extends CloudStorageAdapter {
  /** @throws StorageError `invalid-configuration` naming the field. */
  constructor(options: S3StorageOptions) {
    assertOptions(options, {
      backend: StorageBackend.AwsS3,
      example: "new S3StorageAdapter({ bucket: 'models' })",
      texts: ['bucket'],
    });
    const configuration = resolveCloudConfiguration(options, StorageBackend.AwsS3);
    super({ driver: new S3Driver(configuration, options), configuration });
  }
}
