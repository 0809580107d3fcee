import { defineService, type Service } from './define-service.ts';
import { PythonEnvironment } from './python-environment.ts';

const environment = new PythonEnvironment('moto', { requirements: 'moto.txt' });

/** S3 in memory with its whole name space and versions; it checks no signature. */
export const moto: Service = defineService({
  name: 'moto (S3)',
  variable: 'HOLDFAST_TEST_MOTO_URL',
  find: () => environment.program('moto_server'),
  install: () => environment.install(),
  start: ({ port }) => {
    const address = `http://127.0.0.1:${port}`;
    return {
      arguments: ['-H', '127.0.0.1', '-p', String(port)],
      environment: { PYTHONUNBUFFERED: '1' },
      address,
      isReady: async () => (await fetch(`${address}/moto-api/`)).ok,
    };
  },
});
