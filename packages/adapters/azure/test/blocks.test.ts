import type { ContainerClient } from '@azure/storage-blob';
import type { AzureBlobStorageAdapter } from '@holdfast/adapter-azure';
import { parseObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { beforeEach, describe, expect, test } from 'vitest';
import { AzureTestServer } from './azure-test-server.ts';

const server = await AzureTestServer.open();
const key = parseObjectKey('large');
const large = Buffer.alloc(3_000_000, 'x');
const between = Buffer.alloc(1_500_000, 'y');

describe.skipIf(server === undefined)('blocks', { timeout: 30_000 }, () => {
  let client: ContainerClient;
  let open: () => AzureBlobStorageAdapter;

  beforeEach(async () => {
    if (server === undefined) return;
    const container = await server.makeContainer();
    client = server.client(container);
    open = () => server.adapter({ container });
  });

  test('of an upload that was given up are seen by nobody and dropped by the next write', async () => {
    await using store = open();
    const failing = sourceThatAfterwards(() => Promise.reject(new Error('no more')));
    await expect(store.put(key, failing)).rejects.toThrow('no more');
    expect(await waitingBlocks(client)).toBeGreaterThan(0);
    expect(await store.head(key)).toBeUndefined();
    for await (const page of store.list()) expect(page.objects).toEqual([]);
    await store.put(key, large);
    expect(await waitingBlocks(client)).toBe(0);
  });

  test.each([
    ['overwrite', 'unavailable'],
    ['create', 'already-exists'],
    ['replace', 'precondition-failed'],
  ] as const)('that another write took away are told: %s', async (kind, code) => {
    await using store = open();
    const { etag } = kind === 'replace' ? await store.put(key, Buffer.from('old')) : { etag: '' };
    const mode = kind === 'replace' ? ({ ifMatch: etag } as const) : kind;
    const source = sourceThatAfterwards(async () => {
      await using other = open();
      await other.put(key, between);
    });
    const error: unknown = await store.put(key, source, { mode }).catch((reason: unknown) => reason);
    expect(StorageError.isInstance(error, code), String(error)).toBe(true);
    expect((await store.head(key))?.sizeBytes).toBe(between.byteLength);
  });

  test('of another length, that another program left, are told with a way out', async () => {
    await client.getBlockBlobClient('large').stageBlock('AAAA', 'x', 1);
    await using store = open();
    await expect(store.put(key, large)).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('small object') as string,
    });
  });

  test('come with the checksum of all of them, also where nobody knew it before', async () => {
    await using store = open();
    const source = sourceThatAfterwards(() => Promise.resolve());
    const { checksum } = await store.put(key, source);
    expect(checksum).toMatch(/^sha256:/);
    expect((await store.head(key))?.checksum).toBe(checksum);
    for await (const { objects } of store.list()) expect(objects[0]?.checksum).toBe(checksum);
  });

  async function* sourceThatAfterwards(work: () => Promise<void>): AsyncGenerator<Uint8Array> {
    yield large;
    await expect.poll(() => waitingBlocks(client), { timeout: 20_000 }).toBeGreaterThan(0);
    await work();
  }
});

async function waitingBlocks(client: ContainerClient): Promise<number> {
  try {
    const { uncommittedBlocks = [] } = await client.getBlockBlobClient('large').getBlockList('uncommitted');
    return uncommittedBlocks.length;
  } catch (error) {
    if ((error as { readonly statusCode?: number }).statusCode === 404) return 0;
    throw error;
  }
}
