import type { ContainerClient } from '@azure/storage-blob';
import { type Upload, resolveCloudConfiguration } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import type { WriteMode } from '@holdfast/ports';
import { azureTestAccount } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureConnection, connectAzure } from '../src/azure-connection.ts';
import { bareEtag } from '../src/azure-names.ts';
import { copyInAzure } from '../src/copy-in-azure.ts';
import { resolvePlace } from '../src/resolve-place.ts';
import { azureFailureOf } from '../src/to-storage-error.ts';
import { AzureTestServer } from './azure-test-server.ts';
import { BlockCopyServer } from './block-copy-server.ts';

const server = await AzureTestServer.open();
const bytes = Buffer.from('0123456789abc');
const signal = new AbortController().signal;

describe.skipIf(server === undefined)('a copy in blocks', () => {
  let direct: ContainerClient;
  let front: BlockCopyServer;
  let connection: AzureConnection;

  beforeEach(async () => {
    if (server === undefined) return;
    const container = await server.makeContainer();
    direct = server.client(container);
    front = await BlockCopyServer.open(server.endpoint, direct);
    const options = {
      container,
      endpoint: front.endpoint,
      account: azureTestAccount.account,
      credentials: { accountKey: () => azureTestAccount.accountKey },
    };
    const configuration = resolveCloudConfiguration(
      { bucket: container, endpoint: front.endpoint },
      StorageBackend.AzureBlob,
    );
    connection = await connectAzure(configuration, resolvePlace(options, {}));
    await direct.getBlockBlobClient('from').upload(bytes, bytes.byteLength);
  });

  afterEach(async () => {
    connection.agent.destroy();
    await front[Symbol.asyncDispose]();
  });

  async function copy(mode: WriteMode) {
    const { etag = '', contentLength: sizeBytes = 0 } = await direct.getBlobClient('from').getProperties();
    const object = { sizeBytes, etag: bareEtag(etag), metadata: {}, lastModifiedMs: 0 };
    const upload: Upload = { name: 'to', mode, contentType: 'text/plain', metadata: { made: 'here' } };
    const source = { name: 'from', object };
    return copyInAzure(connection, { source, upload, options: { signal }, wholeBytes: 0, blockBytes: 5 });
  }

  test('has the bytes, the type and the metadata', async () => {
    const { etag } = await copy('create');
    const found = await direct.getBlobClient('to').getProperties();
    expect(bareEtag(found.etag ?? '')).toBe(etag);
    expect(found).toMatchObject({ contentType: 'text/plain', metadata: { made: 'here' } });
    expect(await direct.getBlobClient('to').downloadToBuffer()).toEqual(bytes);
    expect(front.ranges.toSorted()).toEqual(['bytes=0-4', 'bytes=10-12', 'bytes=5-9']);
  });

  test('keeps its condition', async () => {
    await direct.getBlockBlobClient('to').upload('old', 3);
    await expect(copy('create')).rejects.toMatchObject({ failure: { code: 'already-exists' } });
    await expect(copy({ ifMatch: '0x1' })).rejects.toMatchObject({
      failure: { code: 'precondition-failed' },
    });
    expect((await direct.getBlobClient('to').downloadToBuffer()).toString()).toBe('old');
  });

  test('does not mix two states of its source', async () => {
    front.onBlock = async () => {
      front.onBlock = async () => undefined;
      await direct.getBlockBlobClient('from').upload('X'.repeat(bytes.byteLength), bytes.byteLength);
    };
    await expect(copy('overwrite')).rejects.toMatchObject({ failure: { code: 'precondition-failed' } });
    expect(await direct.getBlobClient('to').exists()).toBe(false);
  });

  test('says that its source is gone', async () => {
    front.onBlock = async () => void (await direct.getBlobClient('from').deleteIfExists());
    const error: unknown = await copy('overwrite').catch((reason: unknown) => reason);
    expect(azureFailureOf(error)).toMatchObject({ code: 'not-found' });
  });
});
