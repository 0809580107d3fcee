export type { MlflowCredentials, MlflowStorageOptions } from './mlflow-storage-options.ts';
export { MLflowStorageAdapter } from './mlflow-storage-adapter.ts';
