/** A store of every backend, with every field that it may have. */
export const sampleStores: Readonly<Record<string, object>> = {
  default: { backend: 'local_filesystem', root: '/data/store', medium: 'local' },
  memory: { backend: 'memory' },
  redis: {
    backend: 'redis',
    url: 'redis://redis.example.com',
    credentials: { username: 'holdfast', password: 'env:REDIS_PASSWORD' },
  },
  s3: {
    backend: 'aws_s3',
    bucket: 'models',
    endpoint: 'https://s3.example.com',
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: 'env:S3_KEY',
      secretAccessKey: 'env:S3_SECRET',
      sessionToken: 'env:S3_TOKEN',
    },
  },
  's3-profile': { backend: 'aws_s3', bucket: 'models', timeouts: {}, credentials: { profile: 'training' } },
  azure: {
    backend: 'azure_blob',
    container: 'models',
    account: 'lab',
    endpoint: 'https://lab.blob.core.windows.net',
    credentials: { accountKey: 'env:AZURE_KEY' },
  },
  'azure-string': {
    backend: 'azure_blob',
    container: 'models',
    credentials: { connectionString: 'env:AZURE_CONNECTION' },
  },
  'azure-sas': {
    backend: 'azure_blob',
    container: 'models',
    account: 'lab',
    credentials: { sas: 'env:SAS' },
  },
  'azure-public': {
    backend: 'azure_blob',
    container: 'open',
    account: 'lab',
    credentials: { anonymous: true },
  },
  gcs: {
    backend: 'gcp_storage',
    bucket: 'models',
    endpoint: 'https://storage.example.com',
    credentials: { key: 'file:/run/secrets/gcs.json' },
  },
  'gcs-default': { backend: 'gcp_storage', bucket: 'models', credentials: { applicationDefault: true } },
  'gcs-public': { backend: 'gcp_storage', bucket: 'open', credentials: { anonymous: true } },
  mlflow: { backend: 'mlflow', endpoint: 'https://mlflow.example.org', credentials: { token: 'env:TOKEN' } },
  'mlflow-user': {
    backend: 'mlflow',
    endpoint: 'https://mlflow.example.org',
    credentials: { username: 'someone', password: 'env:PASSWORD' },
  },
};
