import { createReadStream } from 'node:fs';
import { S3 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type S3Place, connectionOf } from '../material/s3-server.ts';
import { type S3Library, s3Transfer } from './s3-library.ts';

/** The vendor's SDK with its own settings: requests under the SHA-256 of their bodies and with a CRC-32. */
export function openSdk({ endpoint, bucket }: S3Place): S3Library {
  const { partSizeBytes, partsAtOnce, connections } = s3Transfer;
  const client = new S3({
    ...connectionOf(endpoint),
    requestHandler: { httpAgent: { maxSockets: connections, keepAlive: true } },
  });
  const at = (Key: string) => ({ Bucket: bucket, Key });
  return {
    name: 'AWS SDK',
    put: async (key, bytes) => void (await client.putObject({ ...at(key), Body: bytes })),
    get: async (key) => {
      const { Body } = await client.getObject(at(key));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    putFile: async (key, path) => {
      const Body = createReadStream(path, { highWaterMark: 1_048_576 });
      const params = { ...at(key), Body };
      await new Upload({ client, params, partSize: partSizeBytes, queueSize: partsAtOnce }).done();
    },
    open: async (key) => (await client.getObject(at(key))).Body as unknown as AsyncIterable<Uint8Array>,
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}
