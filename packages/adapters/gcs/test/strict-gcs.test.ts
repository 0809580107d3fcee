import { GcpStorageAdapter } from '@holdfast/adapter-gcs';
import { type StorageHarness, isCondition, runStorageCase, storageCasesFor } from '@holdfast/conformance';
import { StrictGcs } from '@holdfast/tooling-services';
import { afterAll, describe, expect, test } from 'vitest';
import { RunningCrc32c } from '../src/running-crc32c.ts';

const server = await new StrictGcs((bytes) => {
  const checksum = new RunningCrc32c();
  checksum.update(bytes);
  return checksum.toString();
}).listen();
afterAll(() => server[Symbol.asyncDispose]());
let stores = 0;

function adapterOf(prefix = ''): GcpStorageAdapter {
  return new GcpStorageAdapter({ bucket: 'models', prefix, endpoint: server.address });
}

/** What fake-gcs-server leaves undecided: here every condition is decided in one step with what it guards. */
describe('conditions on a server that decides them as Google documents it', () => {
  const harness: StorageHarness = {
    capabilities: adapterOf().capabilities,
    createStore: () => {
      const prefix = `store-${++stores}/`;
      return { open: () => adapterOf(prefix) };
    },
    borderSizesBytes: [8_388_608],
  };
  const cases = storageCasesFor(harness).filter(({ needs = [] }) => needs.some(isCondition));
  test.each(cases.map((one) => [one.name, one] as const))('%s', { timeout: 60_000 }, (_name, one) =>
    runStorageCase(one, harness),
  );
});

async function ask(method: string, path: string, body?: string): Promise<number> {
  const answer = await fetch(`${server.address}${path}`, { method, ...(body === undefined ? {} : { body }) });
  await answer.arrayBuffer();
  return answer.status;
}

const names = '/storage/v1/b/answers/o';

async function write(name: string, query = ''): Promise<number> {
  const path = `/upload${names}?uploadType=multipart${query}`;
  const body = `--x\r\n\r\n${JSON.stringify({ name })}\r\n--x\r\n\r\nbytes\r\n--x--\r\n`;
  const headers = { 'content-type': 'multipart/related; boundary=x' };
  const answer = await fetch(`${server.address}${path}`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

/** As https://cloud.google.com/storage/docs/request-preconditions documents them. */
describe('answers to conditions are those that Google documents', () => {
  async function generationOf(name: string): Promise<string> {
    const answer = await fetch(`${server.address}${names}/${name}`);
    return ((await answer.json()) as { readonly generation: string }).generation;
  }

  test('0 matches only what is not there; another generation is refused with 412', async () => {
    expect(await write('a', '&ifGenerationMatch=0')).toBe(200);
    expect(await write('a', '&ifGenerationMatch=0')).toBe(412);
    const generation = await generationOf('a');
    expect(await write('a', `&ifGenerationMatch=${generation}`)).toBe(200);
    expect(await write('a', `&ifGenerationMatch=${generation}`)).toBe(412);
    expect(await generationOf('a')).not.toBe(generation);
    expect(await ask('POST', `/upload${names}?uploadType=resumable&name=a&ifGenerationMatch=0`, '{}')).toBe(
      412,
    );
  });

  test('a deletion and a copy are refused with 412, a reading of the same generation with 304', async () => {
    await write('b');
    const generation = await generationOf('b');
    expect(await ask('DELETE', `${names}/b?ifGenerationMatch=1`)).toBe(412);
    expect(await ask('GET', `${names}/b?ifGenerationNotMatch=${generation}`)).toBe(304);
    const copy = `${names}/b/rewriteTo/b/answers/o/c`;
    expect(await ask('POST', `${copy}?ifGenerationMatch=0`, '{}')).toBe(200);
    expect(await ask('POST', `${copy}?ifGenerationMatch=0`, '{}')).toBe(412);
    expect(await ask('POST', `${copy}?sourceGeneration=1`, '{}')).toBe(404);
    expect(await ask('DELETE', `${names}/b?ifGenerationMatch=${generation}`)).toBe(204);
    expect(await ask('GET', `${names}/b`)).toBe(404);
  });
});
