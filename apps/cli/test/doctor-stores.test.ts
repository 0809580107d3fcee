import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { StrictS3, s3TestKeys, versitygw } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

interface Check {
  readonly subject: string;
  readonly state: string;
  readonly finding: string;
  readonly advice?: string;
  readonly figures?: Readonly<Record<string, number>>;
  readonly store?: { readonly isReachable: boolean; readonly lastError?: { readonly code: string } };
}

const environment = {
  S3_KEY: s3TestKeys.accessKeyId,
  S3_SECRET: s3TestKeys.secretAccessKey,
  PLANTED: Buffer.from('planted-account-key').toString('base64'),
  AWS_EC2_METADATA_DISABLED: 'true',
};
const keys = 'credentials: { accessKeyId: env:S3_KEY, secretAccessKey: env:S3_SECRET }';

/** Takes connections, and never says a word. */
const sockets = new Set<Socket>();
const silent = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined).resume();
});
let port = 0;

beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  ({ port } = silent.address() as AddressInfo);
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

function configure(holdfast: Holdfast, stores: Readonly<Record<string, string>>): void {
  const lines = Object.entries(stores).map(([name, store]) => `  ${name}: { ${store} }`);
  holdfast.write(
    'holdfast.yaml',
    `version: 1\nstores:\n${lines.join('\n')}\ndatabase: { url: sqlite:.holdfast/registry.db }\n`,
  );
}

async function diagnose(
  holdfast: Holdfast,
): Promise<{ readonly exitCode: number | null; readonly of: (name: string) => Check | undefined }> {
  const run = await holdfast.run(['doctor', '--json'], { environment });
  expect(run.stderr).toBe('');
  const { checks } = JSON.parse(run.stdout) as { readonly checks: readonly Check[] };
  return { exitCode: run.exitCode, of: (name) => checks.find(({ subject }) => subject === `store ${name}`) };
}

const local = 'backend: local_filesystem, root: .holdfast/store';

test('a store of any backend that never answers is told in time, and holds up no other', async () => {
  using holdfast = new Holdfast();
  const address = `http://127.0.0.1:${port}`;
  const silentStores = {
    s3: `backend: aws_s3, bucket: models, endpoint: ${address}, ${keys}`,
    azure: `backend: azure_blob, container: models, endpoint: ${address}/lab, credentials: { accountKey: env:PLANTED }`,
    gcs: `backend: gcp_storage, bucket: models, endpoint: ${address}, credentials: { anonymous: true }`,
    redis: `backend: redis, url: redis://127.0.0.1:${port}, prefix: models, durability: none`,
    postgres: `backend: database, url: "postgres://nobody@127.0.0.1:${port}/objects"`,
    mlflow: `backend: mlflow, endpoint: ${address}, prefix: models`,
  };
  const unmade = `backend: aws_s3, bucket: models, endpoint: ${address}, credentials: { accessKeyId: env:UNSET, secretAccessKey: env:UNSET }`;
  configure(holdfast, { default: local, ...silentStores, unmade });
  const { exitCode, of } = await diagnose(holdfast);
  expect(exitCode).toBe(1);
  expect(of('default')).toMatchObject({ state: 'good', figures: { freeBytes: expect.any(Number) } });
  for (const name of Object.keys(silentStores)) {
    const { state, advice, store } = of(name) ?? {};
    expect([name, state, store?.isReachable, store?.lastError?.code]).toEqual([
      name,
      'bad',
      false,
      'timeout',
    ]);
    expect(advice, name).toMatch(/\w/);
  }
  expect(of('unmade')).toMatchObject({ state: 'bad', finding: expect.stringContaining('UNSET') as string });
}, 120_000);

const server = await versitygw.open();

describe.skipIf(server === undefined)('a store in a bucket', () => {
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('is told to belong to another registry, also where there is no registry yet', async () => {
    const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
    const endpoint = server?.address ?? '';
    const client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: s3TestKeys,
    });
    await client.send(new CreateBucketCommand({ Bucket: 'models' }));
    client.destroy();
    const lake = `backend: aws_s3, bucket: models, endpoint: ${endpoint}, ${keys}`;
    using owner = new Holdfast();
    configure(owner, { default: local, lake });
    owner.write('far.safetensors', safetensorsFile(7_000));
    await owner.succeed(['put', 'far.safetensors', '--name', 'far', '--backend', 'lake'], { environment });
    const own = await diagnose(owner);
    expect(own.exitCode).toBe(0);
    expect(own.of('lake')).toMatchObject({
      state: 'good',
      finding: expect.stringMatching(/^aws_s3: a write takes .* \(p95 .*\)$/) as string,
      figures: { p50Ms: expect.any(Number), p95Ms: expect.any(Number) },
      store: { isReachable: true, isWritable: true },
    });
    using other = new Holdfast();
    configure(other, { default: local, lake });
    const foreign = {
      state: 'bad',
      finding: 'aws_s3: belongs to another registry',
      advice: expect.stringContaining('database') as string,
    };
    expect((await diagnose(other)).of('lake')).toMatchObject(foreign);
    other.write('near.safetensors', safetensorsFile(10));
    await other.succeed(['put', 'near.safetensors', '--name', 'near'], { environment });
    const found = await diagnose(other);
    expect(found.exitCode).toBe(1);
    expect(found.of('lake')).toMatchObject(foreign);
    expect(found.of('default')).toMatchObject({ state: 'good' });
  }, 120_000);
});

test.each(['ignored', 'refused'] as const)(
  'a server where conditions are %s is reported; saving works, and nothing in the store is collected',
  async (conditions) => {
    await using strict = await new StrictS3({ conditions }).listen();
    using holdfast = new Holdfast();
    configure(holdfast, { default: `backend: aws_s3, bucket: models, endpoint: ${strict.address}, ${keys}` });
    holdfast.write('model.safetensors', safetensorsFile(7_000));
    await holdfast.succeed(['put', 'model.safetensors', '--name', 'model'], { environment });
    const { exitCode, of } = await diagnose(holdfast);
    expect(exitCode).toBe(0);
    expect(of('default')).toMatchObject({
      state: 'notice',
      finding: expect.stringMatching(
        /the server does not decide conditions, .*not fenced and never collected/,
      ) as string,
      advice: expect.stringMatching(/If-None-Match.*another registry.*gc deletes no objects/) as string,
      store: { isWritable: true },
    });
    const run = await holdfast.succeed(['gc', '--grace', '0'], { environment });
    expect(run.stdout).toContain('no registry has claimed the store');
    await holdfast.succeed(['rm', 'model:1', '--yes'], { environment });
    await holdfast.succeed(['verify'], { environment });
  },
  120_000,
);
