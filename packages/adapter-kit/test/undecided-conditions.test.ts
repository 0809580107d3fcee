import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { expect, test } from 'vitest';
import { FakeCloudAdapter } from './fake-cloud-adapter.ts';
import { FakeCloud, FakeServer } from './fake-cloud.ts';

const key = parseObjectKey('model');
const conditions = [
  ['create', 'createIfAbsent'],
  ['replace', 'replaceIfMatch'],
  ['delete', 'deleteIfMatch'],
  ['copies', 'conditionalCopy'],
] as const;

/** Looks before it deletes, as drivers do whose server does not report what was absent. */
class LookingCloud extends FakeCloud {
  override readonly tellsAbsence = false;
}

test('a server that decides keeps all that is declared, and nothing of the probe stays', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new LookingCloud(server));
  const declared = adapter.capabilities;
  expect(await adapter.proveConditions()).toEqual([]);
  expect(adapter.capabilities).toEqual(declared);
  expect(server.objects.size + server.uploads.size).toBe(0);
  server.requests.length = 0;
  expect(await adapter.proveConditions()).toEqual([]);
  expect(server.requests).toEqual([]);
});

test.each(
  conditions.flatMap(([fate, capability]) =>
    (['ignored', 'refused'] as const).map((how) => [fate, how, capability] as const),
  ),
)('a condition on %s that is %s is no longer declared: %s', async (fate, how, capability) => {
  const server = new FakeServer();
  server.conditions = { [fate]: how };
  await using adapter = new FakeCloudAdapter(new LookingCloud(server));
  const declared = adapter.capabilities;
  expect(declared[capability]).toBe(true);
  expect(await adapter.proveConditions()).toEqual([capability]);
  expect(adapter.capabilities).toEqual({ ...declared, [capability]: false });
  expect(server.objects.size + server.uploads.size).toBe(0);
});

test('what is not decided is refused before anything is asked', async () => {
  const server = new FakeServer();
  server.conditions = { create: 'ignored', replace: 'ignored', delete: 'ignored', copies: 'ignored' };
  await using adapter = new FakeCloudAdapter(new LookingCloud(server));
  const { etag } = await adapter.put(key, new Uint8Array(1));
  await adapter.proveConditions();
  server.requests.length = 0;
  const works = [
    adapter.put(key, new Uint8Array(2), { mode: 'create' }),
    adapter.put(key, new Uint8Array(2), { mode: { ifMatch: etag } }),
    adapter.delete([{ key, ifMatch: etag }]),
    adapter.copy(key, parseObjectKey('other'), { mode: 'create' }),
  ];
  for (const work of works) expect(await failureOf(work)).toMatchObject({ code: 'unsupported' });
  expect(server.requests).toEqual([]);
});

test('a server that copies in parts decides a copy where it decides those', async () => {
  const server = new FakeServer();
  server.conditions = { parts: 'ignored' };
  class Copying extends LookingCloud {
    readonly copiesInParts = true;
  }
  await using adapter = new FakeCloudAdapter(new Copying(server));
  expect(await adapter.proveConditions()).toEqual(['conditionalCopy']);
});

test('a condition that is decided for whole objects only is refused for one in parts', async () => {
  const server = new FakeServer();
  server.conditions = { parts: 'ignored' };
  await using adapter = new FakeCloudAdapter(new LookingCloud(server));
  await adapter.proveConditions();
  await adapter.put(key, new Uint8Array(1), { mode: 'create' });
  const large = adapter.put(parseObjectKey('large'), new Uint8Array(5_000_000), { mode: 'create' });
  expect(await failureOf(large)).toMatchObject({ code: 'unsupported' });
  await adapter.put(parseObjectKey('large'), new Uint8Array(5_000_000));
  expect(server.uploads.size).toBe(0);
});

test('a failure of the probe is not taken for an answer', async () => {
  const server = new FakeServer();
  server.mishap = (method) => (method === 'putWhole' ? 'refused' : undefined);
  await using adapter = new FakeCloudAdapter(new LookingCloud(server), { retry: { attempts: 1 } });
  expect(await failureOf(adapter.proveConditions())).toMatchObject({ code: 'unavailable' });
  server.mishap = () => undefined;
  expect(await adapter.proveConditions()).toEqual([]);
});
