import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { StrictS3, s3TestKeys } from '@holdfast/tooling-services';
import { afterAll, expect, test } from 'vitest';
import { Holdfast, type Run } from './support/holdfast.ts';

interface Adopted {
  readonly versions: readonly {
    readonly reference: string;
    readonly outcome: string;
    readonly as?: string;
  }[];
}

const environment = {
  S3_KEY: s3TestKeys.accessKeyId,
  S3_SECRET: s3TestKeys.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
};
const server = await new StrictS3().listen();
afterAll(() => server[Symbol.asyncDispose]());

/** A project of its own whose store is a bucket of its own. */
function makeProject(bucket: string): Holdfast {
  const holdfast = new Holdfast();
  holdfast.write(
    'holdfast.yaml',
    `version: 1
stores:
  default:
    backend: aws_s3
    bucket: ${bucket}
    endpoint: ${server.address}
    credentials: { accessKeyId: env:S3_KEY, secretAccessKey: env:S3_SECRET }
database: { url: sqlite:.holdfast/registry.db }
`,
  );
  return holdfast;
}

function put(holdfast: Holdfast, content: string): Promise<Run> {
  holdfast.write('weights.bin', content);
  return holdfast.run(['put', 'weights.bin', '--name', 'm'], { environment });
}

async function restored(holdfast: Holdfast, reference: string): Promise<string> {
  await holdfast.succeed(['get', reference, '-o', 'restored', '--force'], { environment });
  return holdfast.read('restored').toString();
}

test('registry adopt takes a store over from a copy of the registry, with what the copy saved', async () => {
  using original = makeProject('adopted');
  await put(original, 'first');
  using copy = original.copy();
  expect(await put(copy, 'of the copy')).toMatchObject({ exitCode: 0 });
  const refused = await put(original, 'of the original');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toContain('registry adopt default');

  const unasked = await original.run(['registry', 'adopt', 'default'], { environment });
  expect(unasked.exitCode).not.toBe(0);
  expect(unasked.stderr).toContain('--yes');
  const adopted = await original.json<Adopted>(['registry', 'adopt', 'default', '--yes'], { environment });
  expect(adopted.versions).toMatchObject([{ reference: 'm:2', outcome: 'adopted' }]);
  expect(await restored(original, 'm:2')).toBe('of the copy');
  expect(await put(original, 'of the original')).toMatchObject({ exitCode: 0 });
  expect(await restored(original, 'm:3')).toBe('of the original');
  expect((await put(copy, 'later')).stderr).toContain('registry adopt default');
  await original.succeed(['verify'], { environment });
}, 120_000);

test('registry forget gives up what an older registry does not know, and gc frees the bytes', async () => {
  using holdfast = makeProject('forgotten');
  await put(holdfast, 'first');
  const database = holdfast.path('.holdfast/registry.db');
  const older = readFileSync(database);
  await put(holdfast, 'second');
  for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
  writeFileSync(database, older);

  const doctor = await holdfast.run(['doctor'], { environment });
  expect([doctor.exitCode, doctor.stdout]).toEqual([1, expect.stringContaining('m:2')]);
  const collected = await holdfast.run(['gc', '--grace', '0'], { environment });
  expect(`${collected.stdout}${collected.stderr}`).toContain('m:2');
  const unasked = await holdfast.run(['registry', 'forget', 'default'], { environment });
  expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') as string });
  const forgotten = await holdfast.json<Adopted>(['registry', 'forget', 'default', '--yes'], { environment });
  expect(forgotten.versions).toMatchObject([{ reference: 'm:2', outcome: 'forgotten' }]);
  const freed = await holdfast.succeed(['gc', '--grace', '0'], { environment });
  expect(freed.stderr).toContain('1 item, 6 B removed');
  expect(await restored(holdfast, 'm:1')).toBe('first');
  expect((await holdfast.run(['doctor'], { environment })).exitCode).toBe(0);
}, 120_000);
