/** Tests that are run for the report. */
export interface CountedSuite {
  readonly name: string;
  readonly files: readonly string[];
  /** Whether its tests are counted themselves; else it records facts. */
  readonly isCounted: boolean;
  readonly passedTests?: number;
}

const adapters = 'packages/adapters';

/** Everything that tries to break Holdfast. */
export const suites: readonly CountedSuite[] = [
  {
    name: 'faults and races of the registry',
    files: ['crash/', 'race/', 'interleavings', 'schedules', 'differential/'].map(
      (file) => `packages/application/registry/test/${file}`,
    ),
    isCounted: false,
  },
  {
    name: 'faults of the store and of a plain folder',
    files: ['crash', 'plain/crash', 'power-cut'].map((file) => `${adapters}/filesystem/test/${file}.test.ts`),
    isCounted: false,
  },
  { name: 'power cuts under the command line', files: ['apps/cli/test/power-cut'], isCounted: false },
  ...counted('conformance cases of storage', {
    filesystem: 'filesystem/test/conformance',
    memory: 'memory/src/storage/memory-storage-adapter',
    'S3 (versitygw)': 's3/test/versitygw',
    'S3 (moto)': 's3/test/moto',
    'Azure Blob (azurite)': 'azure/test/azurite',
    'Google Cloud Storage (fake-gcs-server)': 'gcs/test/fake-gcs-server',
    MLflow: 'mlflow/test/mlflow',
    Redis: 'redis/test/conformance',
    'Redis (cluster)': 'redis/test/cluster',
    SQLite: 'sql/test/sqlite-objects',
    PostgreSQL: 'sql/test/postgres-objects',
  }),
  ...counted('conformance cases of the registry', {
    memory: 'memory/src/registry/memory-registry-store',
    SQLite: 'sql/src/sql-registry-store',
    PostgreSQL: 'sql/test/postgres-registry.test',
  }),
  ...counted('hardships of a bad network', {
    S3: 's3/test/bad-network',
    'Azure Blob': 'azure/test/bad-network',
    'Google Cloud Storage': 'gcs/test/bad-network',
    Redis: 'redis/test/bad-network',
    PostgreSQL: 'sql/test/postgres-bad-network',
  }),
  {
    name: 'times that a case catches an adapter or registry that is broken on purpose',
    files: [`${adapters}/memory/test/bites`, `${adapters}/memory/src/registry/kit-on`],
    isCounted: true,
  },
];

function counted(what: string, files: Readonly<Record<string, string>>): readonly CountedSuite[] {
  return Object.entries(files).map(([of, file]) => ({
    name: `${what}: ${of}`,
    files: [`${adapters}/${file}.test.ts`],
    isCounted: true,
  }));
}
