import { StrictS3, s3TestKeys } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const environment = {
  S3_KEY: s3TestKeys.accessKeyId,
  S3_SECRET: s3TestKeys.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Notes what it is asked for. */
class NotingS3 extends StrictS3 {
  readonly requests: string[] = [];

  protected override answer(request: Parameters<StrictS3['answer']>[0]): ReturnType<StrictS3['answer']> {
    this.requests.push(`${request.method} ${decodeURIComponent(request.path)}`);
    return super.answer(request);
  }
}

test('a put into a bucket that was used before takes six requests', async () => {
  await using server = await new NotingS3().listen();
  using holdfast = new Holdfast();
  holdfast.write(
    'holdfast.yaml',
    `version: 1
stores:
  default:
    backend: aws_s3
    bucket: models
    endpoint: ${server.address}
    credentials: { accessKeyId: env:S3_KEY, secretAccessKey: env:S3_SECRET }
database: { url: sqlite:.holdfast/registry.db }
`,
  );
  const put = async (content: string): Promise<void> => {
    holdfast.write('weights.bin', content);
    await holdfast.succeed(['put', 'weights.bin', '--name', 'm'], { environment });
  };
  await put('first');
  server.requests.length = 0;
  await put('second');
  expect(server.requests.map((request) => request.replace(/[0-9a-f]{2}\/[0-9a-f]{64}$/, 'DIGEST'))).toEqual([
    'GET /models/registry-claim.json',
    'HEAD /models/objects/sha256/DIGEST',
    'GET /models/',
    'PUT /models/objects/sha256/DIGEST',
    'PUT /models/versions/m/@0000000002',
    'GET /models/registry-claim.json',
  ]);
}, 60_000);
