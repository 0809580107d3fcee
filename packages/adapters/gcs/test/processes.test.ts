import { buffer } from 'node:stream/consumers';
import { parseObjectKey } from '@holdfast/domain';
import { ScriptProcess } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { GcsTestServer } from './gcs-test-server.ts';

const script = new URL('increment.ts', import.meta.url);
const processCount = 8;
const incrementsEach = 5;
const server = await GcsTestServer.open();

describe.skipIf(server === undefined)('eight processes that count in one object', () => {
  test.each([
    ['sent in one request', 0],
    ['sent in pieces', 300_000],
  ])('lose nothing: %s', { timeout: 120_000 }, async (_how, paddingBytes) => {
    if (server === undefined) return;
    const bucket = await server.makeBucket();
    const parameters = [server.endpoint, bucket, String(incrementsEach), String(paddingBytes)];
    const ended = await Promise.all(
      Array.from({ length: processCount }, () => new ScriptProcess(script, parameters).ended),
    );
    expect(ended).toEqual(ended.map(() => ({ exitCode: 0, output: '', errors: '' })));
    await using adapter = server.adapter({ bucket });
    await using reader = await adapter.get(parseObjectKey('counter'));
    if (reader === undefined) expect.fail('there is no counter');
    const counted = await buffer(reader.body);
    expect(Number(counted.toString())).toBe(processCount * incrementsEach);
  });
});
