import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseObjectKey } from '@holdfast/domain';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { mlflowPython } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MlflowTestServer } from './mlflow-test-server.ts';

const server = await MlflowTestServer.open();
const python = mlflowPython();
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-mlflow-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(server === undefined || python === undefined)('beside the Python client of MLflow', () => {
  test('reads what it logged, and is read by it', { timeout: 120_000 }, async () => {
    if (server === undefined || python === undefined) return;
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7) % 251));
    await writeFile(join(folder, 'weights of a model.bin'), bytes);
    const logging = `
import mlflow, sys
client = mlflow.MlflowClient(sys.argv[1])
run = client.create_run(client.create_experiment("interoperability"))
client.log_artifact(run.info.run_id, sys.argv[2], "model/data")
client.log_text(run.info.run_id, "h\u00e9llo", "note.txt")
print(run.info.artifact_uri)
`;
    const uri = (await ask(logging, [server.endpoint, join(folder, 'weights of a model.bin')])).trim();
    await using adapter = server.adapter({ prefix: `${uri.replace('mlflow-artifacts:/', '')}/` });
    const keys = (await Array.fromAsync(adapter.list())).flatMap((page) =>
      page.objects.map(({ key }) => key),
    );
    expect(keys).toEqual(['model/data/weights of a model.bin', 'note.txt']);
    expect(await digestOf(adapter, 'model/data/weights of a model.bin')).toBe(sha256(bytes));
    expect(await digestOf(adapter, 'note.txt')).toBe(sha256(Buffer.from('h\u00e9llo')));

    await adapter.put(parseObjectKey('ours/é and more.bin'), bytes);
    const reading = `
import hashlib, mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
path = mlflow.artifacts.download_artifacts(artifact_uri=sys.argv[2] + "/ours/\u00e9 and more.bin", dst_path=sys.argv[3])
print(hashlib.sha256(open(path, "rb").read()).hexdigest())
`;
    expect((await ask(reading, [server.endpoint, uri, folder])).trim()).toBe(sha256(bytes));
  });

  async function ask(script: string, given: readonly string[]): Promise<string> {
    const environment = { MLFLOW_TRACKING_URI: server?.endpoint, MLFLOW_DISABLE_TELEMETRY: 'true' };
    const env = {
      ...process.env,
      ...environment,
      HOME: folder,
      MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false',
    };
    const { stdout } = await run(python ?? '', ['-c', script, ...given], { cwd: folder, env });
    return stdout;
  }
});

describe.skipIf(server === undefined)('uploads that break', () => {
  for (const sizeBytes of [500_000, 2_500_000]) {
    test(`leave the old object, and no part of ${sizeBytes} bytes`, async () => {
      if (server === undefined) return;
      await using network = await FaultProxy.open(server.endpoint);
      const prefix = server.newPrefix();
      await using direct = server.adapter({ prefix });
      const spoolFolder = await mkdtemp(join(folder, 'spool-'));
      await using adapter = server.adapter({
        prefix,
        endpoint: network.address,
        retry: { attempts: 2, baseDelayMs: 1 },
        spoolFolder,
      });
      const [old, absent] = [parseObjectKey('old'), parseObjectKey('absent')];
      await direct.put(old, Buffer.from('old'));
      for (const key of [old, absent]) {
        network.fail({ kind: 'cut request', afterBytes: 200_000, times: Number.POSITIVE_INFINITY });
        await expect(adapter.put(key, Buffer.alloc(sizeBytes, 1))).rejects.toMatchObject({
          code: 'indeterminate',
        });
        network.heal();
      }
      expect(await server.unfinishedUploads(prefix)).toBe(0);
      expect(await digestOf(direct, 'old')).toBe(sha256(Buffer.from('old')));
      expect(await direct.head(absent)).toBeUndefined();
      expect(await server.files(prefix)).toEqual(['old']);
      expect(await readdir(spoolFolder)).toEqual([]);
    });
  }
});

describe.skipIf(server === undefined)('places that are taken', () => {
  test('are refused by name, and a folder is never removed with what is in it', async () => {
    if (server === undefined) return;
    await using adapter = server.adapter({ prefix: server.newPrefix() });
    const [above, below] = [parseObjectKey('a'), parseObjectKey('a/b')];
    await adapter.put(below, Buffer.from('below'));
    await expect(adapter.put(above, Buffer.from('x'))).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(adapter.copy(below, above)).rejects.toMatchObject({ code: 'invalid-key' });
    await expect(adapter.put(parseObjectKey('a/b/c'), Buffer.from('x'))).rejects.toMatchObject({
      code: 'invalid-key',
      hint: expect.stringMatching(/files/) as string,
    });
    expect(await adapter.delete([{ key: above }])).toEqual([{ key: above, outcome: 'absent' }]);
    expect(await digestOf(adapter, 'a/b')).toBe(sha256(Buffer.from('below')));
  });
});

async function digestOf(adapter: ReturnType<MlflowTestServer['adapter']>, key: string): Promise<string> {
  await using reader = await adapter.get(parseObjectKey(key));
  const hash = createHash('sha256');
  for await (const chunk of reader?.body ?? []) hash.update(chunk);
  return hash.digest('hex');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
