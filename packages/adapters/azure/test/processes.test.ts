import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseObjectKey } from '@holdfast/domain';
import { azureTestAccount } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { AzureTestServer } from './azure-test-server.ts';

const server = await AzureTestServer.open();
const processCount = 8;
const incrementsEach = 10;
const run = promisify(execFile);

test.skipIf(server === undefined).each([
  ['in one request', 0],
  ['in blocks', 10_000],
])(
  'eight processes that count in one object lose nothing: %s',
  async (_how, paddingBytes) => {
    if (server === undefined) return;
    const container = await server.makeContainer();
    const script = join(import.meta.dirname, 'increment.ts');
    const parameters = [server.endpoint, container, String(incrementsEach), String(paddingBytes)];
    const env = { ...process.env, ACCOUNT_KEY: azureTestAccount.accountKey };
    const processes = Array.from({ length: processCount }, () =>
      run(process.execPath, ['--conditions=@holdfast/source', script, ...parameters], { env }),
    );
    for (const { stderr } of await Promise.all(processes)) expect(stderr).toBe('');
    await using adapter = server.adapter({ container });
    await using reader = await adapter.get(parseObjectKey('counter'));
    const chunks: Buffer[] = [];
    for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
    expect(Number(Buffer.concat(chunks).toString())).toBe(processCount * incrementsEach);
  },
  120_000,
);
