import { describeBadNetwork } from '@holdfast/conformance';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { MlflowTestServer } from './mlflow-test-server.ts';

const server = await MlflowTestServer.open();
const attempts = 3;
const token = 'planted-token-of-the-test';

if (server !== undefined) {
  describeBadNetwork('MLflowStorageAdapter', {
    openStore: async () => {
      const network = await FaultProxy.open(server.endpoint);
      const prefix = server.newPrefix();
      const adapter = server.adapter({
        prefix,
        endpoint: network.address,
        credentials: async () => ({ token }),
        timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 },
        retry: { attempts, baseDelayMs: 10, maximumDelayMs: 100 },
      });
      return {
        network,
        adapter,
        direct: server.adapter({ prefix }),
        unfinishedUploads: () => server.unfinishedUploads(prefix),
      };
    },
    writingMethods: ['PUT'],
    largeBytes: 2_500_000,
    secrets: [token],
    attempts,
  });
}
