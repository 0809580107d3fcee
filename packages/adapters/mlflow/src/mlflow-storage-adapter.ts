import { CloudStorageAdapter, resolveCloudConfiguration, assertOptions } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { MlflowDriver } from './mlflow-driver.ts';
import type { MlflowStorageOptions } from './mlflow-storage-options.ts';

/**
 * Objects among the artifacts that an MLflow server serves from its own disk: what `mlflow.log_artifact` wrote is read
 * here, and the other way round. Nobody is asked before the first operation.
 *
 * The server decides no condition and keeps nothing beside the bytes. An etag is made from the time and the size of
 * the artifact's file.
 */
export class MLflowStorageAdapter extends CloudStorageAdapter {
  /** @throws StorageError `invalid-configuration` naming the field. */
  constructor(options: MlflowStorageOptions) {
    assertOptions(options, {
      backend: StorageBackend.Mlflow,
      example: "new MLflowStorageAdapter({ endpoint: 'http://127.0.0.1:5000' })",
    });
    const given = { ...options, bucket: 'mlflow-artifacts' };
    const configuration = resolveCloudConfiguration(given, StorageBackend.Mlflow);
    super({ driver: new MlflowDriver(configuration, options), configuration });
  }
}
