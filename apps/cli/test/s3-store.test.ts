import { once } from 'node:events';
import { createServer } from 'node:http';
import { type RunningService, s3TestKeys, versitygw } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

const server = await versitygw.open();

describe.skipIf(server === undefined)('a store in S3', () => {
  const environment = {
    S3_KEY: s3TestKeys.accessKeyId,
    S3_SECRET: s3TestKeys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { address } = server as RunningService;
  let holdfast: Holdfast;

  beforeAll(async () => {
    holdfast = new Holdfast();
    await holdfast.succeed(['init']);
    configure(address);
  });
  afterAll(async () => {
    holdfast[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  function configure(endpoint: string, bucket = 'models'): void {
    holdfast.write(
      'holdfast.yaml',
      `version: 1
stores:
  default: { backend: local_filesystem, root: .holdfast/store }
  lake:
    backend: aws_s3
    bucket: ${bucket}
    endpoint: ${endpoint}
    credentials: { accessKeyId: env:S3_KEY, secretAccessKey: env:S3_SECRET }
database: { url: sqlite:.holdfast/registry.db }
`,
    );
  }

  const succeed = (commandLine: readonly string[]) => holdfast.succeed(commandLine, { environment });

  test('says that its bucket is missing, and what to do', async () => {
    const run = await holdfast.run(['doctor'], { environment });
    expect(run.exitCode).toBe(1);
    expect(run.stdout + run.stderr).toMatch(/lake[^]*bucket/i);
  });

  test('holds models, mirrors of others, and what verify and gc look at', async () => {
    const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
    const client = new S3Client({
      endpoint: address,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: s3TestKeys,
    });
    await client.send(new CreateBucketCommand({ Bucket: 'models' }));
    client.destroy();
    holdfast.write('local.safetensors', safetensorsFile(6_000));
    await succeed(['put', 'local.safetensors', '--name', 'local']);
    holdfast.write('far.safetensors', safetensorsFile(7_000));
    await succeed(['put', 'far.safetensors', '--name', 'far', '--backend', 'lake']);
    await succeed(['get', 'far', '-o', 'copy.safetensors']);
    expect(holdfast.read('copy.safetensors')).toEqual(holdfast.read('far.safetensors'));
    expect((await succeed(['show', 'far:1'])).stdout).toContain('lake');
    expect((await succeed(['mirror', 'default', 'lake'])).stderr).toContain('2 of 2 objects');
    expect((await succeed(['mirror', 'default', 'lake'])).stderr).toContain('already exist');
    await succeed(['verify']);
    expect((await succeed(['gc', '--store', 'lake'])).stderr).toContain('Nothing to collect.');
    await succeed(['rm', 'far:1', '--yes']);
    expect((await succeed(['doctor'])).stdout).toContain('lake');
  });

  test.each([
    ['a wrong key', { S3_SECRET: 'planted-wrong-secret' }, 7],
    ['a secret that is not set', { S3_SECRET: '' }, 2],
  ])('refuses %s, and shows none', async (_what, change, exitCode) => {
    const run = await holdfast.run(['put', 'local.safetensors', '--name', 'x', '--backend', 'lake'], {
      environment: { ...environment, ...change },
    });
    expect(run.exitCode, run.stderr).toBe(exitCode);
    expect(run.stderr).not.toMatch(/planted-wrong-secret/);
    expect(run.stderr).not.toContain(s3TestKeys.secretAccessKey);
  });

  test('refuses an endpoint that is no S3 server', async () => {
    const html = createServer((_request, response) => response.end('<html>Please log in</html>'));
    html.listen(0, '127.0.0.1');
    await once(html, 'listening');
    const { port } = html.address() as { readonly port: number };
    configure(`http://127.0.0.1:${port}`);
    const run = await holdfast.run(['put', 'local.safetensors', '--name', 'x', '--backend', 'lake'], {
      environment,
    });
    html.close();
    configure(address);
    expect(run.exitCode, run.stderr).not.toBe(0);
    expect(run.stderr.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(3);
  });
});
