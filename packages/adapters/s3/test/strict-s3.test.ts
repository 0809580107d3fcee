import { createHash } from 'node:crypto';
import { S3StorageAdapter } from '@holdfast/adapter-s3';
import {
  type StorageHarness,
  failureOf,
  isCondition,
  runStorageCase,
  storageCasesFor,
} from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { StrictS3, type StrictS3Options, s3TestKeys } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';

const key = parseObjectKey('model');
let stores = 0;

function adapterOf(server: StrictS3, prefix = ''): S3StorageAdapter {
  return new S3StorageAdapter({
    bucket: 'models',
    prefix,
    endpoint: server.address,
    credentials: async () => s3TestKeys,
    transfer: { partSizeBytes: 5_242_880, bufferBytes: 20_971_520 },
  });
}

/** What moto and versitygw leave undecided: here every condition is decided in one step with what it guards. */
describe('conditions on a server that decides them as Amazon documents it', async () => {
  const server = await new StrictS3().listen();
  const harness: StorageHarness = {
    capabilities: adapterOf(server).capabilities,
    createStore: () => {
      const prefix = `store-${++stores}/`;
      return {
        open: () => adapterOf(server, prefix),
        remove: () => (--open === 0 ? server[Symbol.asyncDispose]() : undefined),
      };
    },
    borderSizesBytes: [5_242_880],
  };
  const cases = storageCasesFor(harness).filter(({ needs = [] }) => needs.some(isCondition));
  let open = cases.length;
  test.each(cases.map((one) => [one.name, one] as const))('%s', { timeout: 60_000 }, (_name, one) =>
    runStorageCase(one, harness),
  );
});

async function withServer(
  options: StrictS3Options,
  work: (adapter: S3StorageAdapter) => Promise<void>,
): Promise<void> {
  await using server = await new StrictS3(options).listen();
  await using adapter = adapterOf(server);
  await work(adapter);
}

test.each(['ignored', 'refused'] as const)(
  'a server where conditions are %s decides none, and writes without them',
  async (conditions) =>
    withServer({ conditions }, async (adapter) => {
      const undecided = ['createIfAbsent', 'replaceIfMatch', 'conditionalCopy', 'deleteIfMatch'];
      expect(new Set(await adapter.proveConditions())).toEqual(new Set(undecided));
      const { etag } = await adapter.put(key, Buffer.from('weights'));
      const refused = [
        () => adapter.put(key, Buffer.from('x'), { mode: 'create' }),
        () => adapter.put(key, Buffer.from('x'), { mode: { ifMatch: etag } }),
        () => adapter.delete([{ key, ifMatch: etag }]),
      ];
      for (const work of refused) expect(await failureOf(work())).toMatchObject({ code: 'unsupported' });
      expect(await Array.fromAsync(adapter.list(), ({ objects }) => objects.length)).toEqual([1]);
    }),
);

test('a server that takes no checksums holds whole objects, those in parts, copies, and loses many at once', async () =>
  withServer({ takesChecksums: false }, async (adapter) => {
    const [large, other] = [parseObjectKey('large'), parseObjectKey('other')];
    const bytes = Buffer.alloc(6_000_000, 'weights');
    await adapter.put(key, Buffer.from('weights'), { mode: 'create' });
    await adapter.put(large, bytes);
    await adapter.copy(large, other, { mode: 'create' });
    const hash = createHash('sha256');
    const reader = await adapter.get(other);
    for await (const chunk of reader?.body ?? []) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    const targets = [{ key }, { key: large }, { key: other }];
    expect(await adapter.delete(targets)).toEqual(
      targets.map((target) => ({ ...target, outcome: 'deleted' })),
    );
  }));
