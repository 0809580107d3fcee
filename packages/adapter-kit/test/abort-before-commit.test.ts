import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { expect, test } from 'vitest';
import { FakeCloudAdapter } from './fake-cloud-adapter.ts';
import { FakeCloud, FakeServer } from './fake-cloud.ts';

const key = parseObjectKey('model');
const partCount = 3;
const bytes = new Uint8Array(partCount * 100_000);

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('an upload that is cancelled after its last part is not completed', async () => {
  const server = new FakeServer();
  await using adapter = new FakeCloudAdapter(new FakeCloud(server));
  const before = await adapter.put(key, new Uint8Array(1));
  const { signal } = new AbortController();
  const sentParts = (): number => server.requests.filter((request) => request === 'putPart').length;
  // Cancelled at the moment when all parts have arrived, which no timer meets.
  Object.defineProperty(signal, 'aborted', { get: () => sentParts() >= partCount });
  expect(await failureOf(adapter.put(key, chunks(), { signal }))).toMatchObject({ code: 'cancelled' });
  expect(sentParts()).toBe(partCount);
  expect(server.requests).not.toContain('completeParts');
  expect(server.requests).toContain('abortParts');
  expect(server.uploads.size).toBe(0);
  expect(await adapter.head(key)).toEqual(before);
});
