/** A store of every backend, with every field that it may have. */
export const sampleStores: Readonly<Record<string, object>> = {
  default: { backend: 'local_filesystem', root: '/data/store', medium: 'local' },
  memory: { backend: 'memory' },
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
  sqlite: { backend: 'database', url: 'sqlite:/data/objects.db', busyTimeoutMs: 1_000, medium: 'network' },
  postgres: {
    backend: 'database',
    url: 'postgres://holdfast@db.example.com/models?sslmode=verify-full',
    schema: 'models',
    poolSize: 4,
    timeouts: {},
    credentials: { password: 'env:DATABASE_PASSWORD' },
  },
  's3-profile': { backend: 'aws_s3', bucket: 'models', timeouts: {}, credentials: { profile: 'training' } },
};
