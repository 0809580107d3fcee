import { S3 } from '@aws-sdk/client-s3';
import { s3TestKeys, versitygw } from '@holdfast/tooling-services';

/** A bucket on a server of S3, as whoever owns one has it: the settings of AWS, and keys by the names of a page. */
export interface ExampleBucket extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a server of S3 with an empty bucket; `undefined` after one loud line where the server is missing. */
export async function openBucket(name: string): Promise<ExampleBucket | undefined> {
  const server = await versitygw.open();
  if (server === undefined) return undefined;
  const [endpoint, region] = [server.address, 'us-east-1'];
  const client = new S3({ endpoint, region, forcePathStyle: true, credentials: s3TestKeys });
  const end = async (): Promise<void> => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  };
  try {
    await client.createBucket({ Bucket: name });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      LAKE_ACCESS_KEY_ID: s3TestKeys.accessKeyId,
      LAKE_SECRET_ACCESS_KEY: s3TestKeys.secretAccessKey,
    },
    [Symbol.asyncDispose]: async () => {
      try {
        await removeBucket(client, name);
      } finally {
        await end();
      }
    },
  };
}

/** The server may be one that was there before. */
async function removeBucket(client: S3, Bucket: string): Promise<void> {
  for (;;) {
    const { Contents: objects = [] } = await client.listObjectsV2({ Bucket });
    if (objects.length === 0) break;
    await client.deleteObjects({ Bucket, Delete: { Objects: objects.map(({ Key }) => ({ Key })) } });
  }
  await client.deleteBucket({ Bucket });
}
