import { describeBadNetwork } from '@holdfast/conformance';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { s3TestKeys, versitygw, withServer } from '@holdfast/tooling-services';
import { S3TestServer } from './s3-test-server.ts';

const opened = await S3TestServer.open(versitygw);
const attempts = 3;

withServer(opened, (server) => {
  describeBadNetwork('S3StorageAdapter', {
    openStore: async () => {
      const network = await FaultProxy.open(server.endpoint);
      const bucket = await server.makeBucket();
      const adapter = server.adapter({
        bucket,
        endpoint: network.address,
        timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000 },
        retry: { attempts, baseDelayMs: 10, maximumDelayMs: 100 },
      });
      return {
        network,
        adapter,
        direct: server.adapter({ bucket }),
        unfinishedUploads: async () => {
          const { Uploads = [] } = await server.client.listMultipartUploads({ Bucket: bucket });
          return Uploads.length;
        },
      };
    },
    writingMethods: ['PUT', 'POST'],
    largeBytes: 5 * 1_048_576 + 100_000,
    secrets: [s3TestKeys.accessKeyId, s3TestKeys.secretAccessKey],
    attempts,
  });
});
