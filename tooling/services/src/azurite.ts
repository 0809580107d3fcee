import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { azureTestAccount } from './azure-test-account.ts';
import { defineService, type Service } from './define-service.ts';

/**
 * Azure Blob Storage in memory, from the package that is installed with this repository. Its address is that of the
 * account. Without `--disableTelemetry` it would reach for the internet.
 */
export const azurite: Service = defineService({
  name: 'azurite (Azure Blob Storage)',
  variable: 'HOLDFAST_TEST_AZURE_URL',
  find: () => (script() === undefined ? undefined : process.execPath),
  install: () => Promise.reject(new Error('pnpm installs it: run `pnpm install`')),
  start: ({ port }) => {
    const { account, accountKey } = azureTestAccount;
    const address = `http://127.0.0.1:${port}/${account}`;
    return {
      arguments: [
        script() ?? '',
        '--blobHost',
        '127.0.0.1',
        '--blobPort',
        String(port),
        '--inMemoryPersistence',
        '--silent',
        '--disableTelemetry',
        '--skipApiVersionCheck',
      ],
      environment: { AZURITE_ACCOUNTS: `${account}:${accountKey}` },
      address,
      isReady: async () => (await fetch(address)).status > 0,
    };
  },
});

function script(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve('azurite/package.json')), 'dist', 'src', 'blob', 'main.js');
  } catch {
    return undefined;
  }
}
