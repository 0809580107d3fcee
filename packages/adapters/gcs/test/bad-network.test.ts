import { describeBadNetwork } from '@holdfast/conformance';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { withServer } from '@holdfast/tooling-services';
import { afterAll } from 'vitest';
import { GcsTestServer } from './gcs-test-server.ts';
import { SessionFront } from './session-front.ts';
import { plantedSecrets, TokenServer } from './token-server.ts';

const opened = await GcsTestServer.open();
const attempts = 3;

const tokens = opened === undefined ? undefined : await TokenServer.open();

withServer(opened, (server) => {
  afterAll(() => tokens?.[Symbol.asyncDispose]());
  describeBadNetwork('GcpStorageAdapter', {
    openStore: async () => {
      const front = await SessionFront.open(server.endpoint);
      const network = await FaultProxy.open(front.address);
      const end = network[Symbol.asyncDispose].bind(network);
      network[Symbol.asyncDispose] = async () => {
        await end();
        await front[Symbol.asyncDispose]();
      };
      const bucket = await server.makeBucket();
      const transfer = { partSizeBytes: 524_288 };
      const adapter = server.adapter({
        bucket,
        endpoint: network.address,
        credentials: { keyFile: tokens?.keyFile ?? '' },
        timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 },
        retry: { attempts, baseDelayMs: 10, maximumDelayMs: 100 },
        transfer,
      });
      return {
        network,
        adapter,
        direct: server.adapter({ bucket, transfer, endpoint: front.address }),
        unfinishedUploads: async () => front.unfinished,
      };
    },
    writingMethods: ['PUT', 'POST'],
    largeBytes: 1_400_000,
    secrets: plantedSecrets,
    attempts,
  });
});
