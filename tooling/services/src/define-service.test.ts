import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineService, type ServiceDefinition } from './define-service.ts';

const program = `
  const [port, folder] = process.argv.slice(1);
  require('node:fs').writeFileSync(folder + '/data', '');
  require('node:http').createServer((_, response) => response.end(folder)).listen(Number(port), '127.0.0.1');
`;

const definition: ServiceDefinition = {
  name: 'a web server',
  variable: 'HOLDFAST_TEST_WEB_SERVER_URL',
  find: () => process.execPath,
  install: async () => {},
  start: ({ port, folder }) => ({
    arguments: ['-e', program, String(port), folder],
    address: `http://127.0.0.1:${port}`,
    isReady: async () => (await fetch(`http://127.0.0.1:${port}`)).ok,
  }),
};

afterEach(() => vi.unstubAllEnvs());

describe('a service', () => {
  it('answers at its address and is gone with its data after that', async () => {
    const running = await defineService(definition).open();
    expect.assert(running !== undefined);
    const folder = await (await fetch(running.address)).text();
    expect(existsSync(join(folder, 'data'))).toBe(true);
    await running[Symbol.asyncDispose]();
    await expect(fetch(running.address)).rejects.toThrow('fetch failed');
    expect(existsSync(folder)).toBe(false);
  });

  it('can be open more than once', async () => {
    await using one = await defineService(definition).open();
    await using two = await defineService(definition).open();
    expect(one?.address).not.toBe(two?.address);
  });

  it('is not started when the environment has an address', async () => {
    vi.stubEnv(definition.variable, 'http://127.0.0.1:9');
    await using running = await defineService({ ...definition, find: () => undefined }).open();
    expect(running?.address).toBe('http://127.0.0.1:9');
  });

  it('says what a server printed that ended at once', async () => {
    const broken = defineService({
      ...definition,
      start: (place) => ({ ...definition.start(place), arguments: ['-e', "throw new Error('no licence')"] }),
    });
    await expect(broken.open()).rejects.toThrow(/a web server ended at once:[^]*no licence/);
  });

  it('is missing with one loud line', async () => {
    vi.stubEnv('CI', undefined);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const running = await defineService({ ...definition, find: () => undefined }).open();
    expect(running).toBeUndefined();
    expect(write.mock.calls.map(String)).toEqual([
      '!!! SKIPPED: a web server is missing: `npm test` installs it, or set HOLDFAST_TEST_WEB_SERVER_URL to one that you have\n',
    ]);
    write.mockRestore();
  });

  it('may not be missing under CI', async () => {
    vi.stubEnv('CI', 'true');
    const missing = defineService({ ...definition, find: () => undefined });
    await expect(missing.open()).rejects.toThrow('a web server is missing');
  });
});
