import { describeBadNetwork } from '@holdfast/conformance';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { azureTestAccount, withServer } from '@holdfast/tooling-services';
import { AzureTestServer } from './azure-test-server.ts';

const opened = await AzureTestServer.open();
const attempts = 3;

withServer(opened, (server) => {
  describeBadNetwork('AzureBlobStorageAdapter', {
    openStore: async () => {
      const network = await FaultProxy.open(server.endpoint);
      const container = await server.makeContainer();
      const adapter = server.adapter({
        container,
        endpoint: `${network.address}/${azureTestAccount.account}`,
        timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 },
        retry: { attempts, baseDelayMs: 10, maximumDelayMs: 100 },
      });
      return {
        network,
        adapter,
        direct: server.adapter({ container }),
        // Azure has no uploads that could be ended: what it keeps of one is tried in blocks.test.ts.
        unfinishedUploads: async () => 0,
      };
    },
    writingMethods: ['PUT', 'POST'],
    largeBytes: 1_048_576 + 100_000,
    secrets: [azureTestAccount.accountKey],
    attempts,
  });
});
