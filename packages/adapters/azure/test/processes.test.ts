import { parseObjectKey } from '@holdfast/domain';
import { azureTestAccount, ScriptProcess } from '@holdfast/tooling-services';
import { expect, test } from 'vitest';
import { AzureTestServer } from './azure-test-server.ts';

const server = await AzureTestServer.open();
const processCount = 8;
const incrementsEach = 10;

test.skipIf(server === undefined).each([
  ['in one request', 0],
  ['in blocks', 10_000],
])(
  'eight processes that count in one object lose nothing: %s',
  async (_how, paddingBytes) => {
    if (server === undefined) return;
    const container = await server.makeContainer();
    const script = new URL('increment.ts', import.meta.url);
    const parameters = [server.endpoint, container, String(incrementsEach), String(paddingBytes)];
    const environment = { ACCOUNT_KEY: azureTestAccount.accountKey };
    const ended = await Promise.all(
      Array.from({ length: processCount }, () => new ScriptProcess(script, parameters, environment).ended),
    );
    expect(ended).toEqual(ended.map(() => ({ exitCode: 0, output: '', errors: '' })));
    await using adapter = server.adapter({ container });
    await using reader = await adapter.get(parseObjectKey('counter'));
    const chunks: Buffer[] = [];
    for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
    expect(Number(Buffer.concat(chunks).toString())).toBe(processCount * incrementsEach);
  },
  120_000,
);
