import { fakeGcsServer } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

const server = await fakeGcsServer.open();

describe.skipIf(server === undefined)('a store in Google Cloud Storage', () => {
  const endpoint = server?.address ?? '';
  const holdfast = new Holdfast();
  const key = 'planted-key-0123456789';

  afterAll(async () => {
    holdfast[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  function configure(credentials = ''): void {
    holdfast.write(
      'holdfast.yaml',
      `version: 1
stores:
  default: { backend: local_filesystem, root: .holdfast/store }
  lake:
    backend: gcp_storage
    bucket: models
    endpoint: ${endpoint}
    ${credentials}
database: { url: sqlite:.holdfast/registry.db }
`,
    );
  }

  test('says that its bucket is missing, then holds models and mirrors', async () => {
    configure();
    const missing = await holdfast.run(['doctor']);
    expect(missing.exitCode).toBe(1);
    expect(missing.stdout + missing.stderr).toMatch(/lake[^]*bucket/i);
    const made = await fetch(`${endpoint}/storage/v1/b`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"models"}',
    });
    expect(made.ok).toBe(true);
    holdfast.write('far.safetensors', safetensorsFile(7_000));
    await holdfast.succeed(['put', 'far.safetensors', '--name', 'far', '--backend', 'lake']);
    await holdfast.succeed(['get', 'far', '-o', 'copy.safetensors']);
    expect(holdfast.read('copy.safetensors')).toEqual(holdfast.read('far.safetensors'));
    expect((await holdfast.succeed(['gc', '--store', 'lake'])).stderr).toContain('Nothing to collect.');
    await holdfast.succeed(['verify']);
  });

  test.each([
    ['a key that is none', { GCS_KEY: key }, 7],
    ['a key that is not set', { GCS_KEY: '' }, 2],
  ])('refuses %s, and does not show it', async (_what, environment, exitCode) => {
    configure('credentials: { key: env:GCS_KEY }');
    const run = await holdfast.run(['put', 'far.safetensors', '--name', 'x', '--backend', 'lake'], {
      environment,
    });
    expect(run.exitCode, run.stderr).toBe(exitCode);
    expect(run.stderr).not.toContain(key);
  });
});
