import { join } from 'node:path';
import { defineService, type Service } from './define-service.ts';
import { mlflowEnvironment } from './mlflow-environment.ts';

/** MLflow's tracking server, which serves artifacts from the folder `artifacts` of its own. */
export const mlflow: Service = defineService({
  name: 'MLflow',
  variable: 'HOLDFAST_TEST_MLFLOW_URL',
  find: () => mlflowEnvironment.program('mlflow'),
  install: () => mlflowEnvironment.install(),
  start: ({ port, folder }) => {
    const address = `http://127.0.0.1:${port}`;
    return {
      arguments: [
        'server',
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--workers',
        '1',
        '--backend-store-uri',
        `sqlite:///${join(folder, 'mlflow.db')}`,
        '--artifacts-destination',
        join(folder, 'artifacts'),
        '--serve-artifacts',
        '--default-artifact-root',
        'mlflow-artifacts:/',
      ],
      environment: {
        MLFLOW_DISABLE_TELEMETRY: 'true',
        DO_NOT_TRACK: 'true',
        PYTHONUNBUFFERED: '1',
        // It never takes away the file that it locks while it makes its tables.
        TMPDIR: folder,
      },
      address,
      readyWithinMs: 180_000,
      isReady: async () => (await fetch(`${address}/health`)).ok,
    };
  },
});
