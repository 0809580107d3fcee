import { randomUUID } from 'node:crypto';
import type { HttpAuthorization } from '@azure/storage-blob';
import {
  type CopySource,
  type RequestOptions,
  type Upload,
  type WrittenObject,
  RequestFailureError,
} from '@holdfast/adapter-kit';
import { forEachAtOnce } from '@holdfast/work';
import type { AzureConnection } from './azure-connection.ts';
import { bareEtag, quotedEtag } from './azure-names.ts';
import { blockIdOf } from './block-id.ts';
import { isPreconditionFailure, notAnAnswerOfAzure } from './to-storage-error.ts';
import { conditionsOf, deciding, descriptionOf, refusal, writtenObject } from './write-to-azure.ts';

/** What is copied where, and at which sizes it is done how. */
export interface AzureCopyOrder {
  readonly source: CopySource;
  readonly upload: Upload;
  readonly options: RequestOptions;
  /** Largest object that one request copies. @default 256 MiB, Azure's own limit */
  readonly wholeBytes?: number | undefined;
  /** Length of a block of a larger one. @default 64 MiB */
  readonly blockBytes?: number | undefined;
}

const mebibyte = 1_048_576;
const blocksAtOnce = 8;
const sourceReadableMs = 3_600_000;
const tokenScope = 'https://storage.azure.com/.default';

/**
 * Copies inside the server: in one request that answers when all is done, or in blocks that become visible together. The
 * copying that Azure does by itself would show an empty object until it ends.
 */
export function copyInAzure(connection: AzureConnection, order: AzureCopyOrder): Promise<WrittenObject> {
  const { source, wholeBytes = 256 * mebibyte } = order;
  return source.object.sizeBytes <= wholeBytes ? copyWhole(connection, order) : copyBlocks(connection, order);
}

async function copyWhole(connection: AzureConnection, order: AzureCopyOrder): Promise<WrittenObject> {
  const { source, upload, options } = order;
  const { url, ...authorization } = await readableSource(connection, source);
  const target = connection.container.getBlobClient(upload.name);
  try {
    const answer = await target.syncCopyFromURL(url, {
      metadata: { ...upload.metadata },
      conditions: conditionsOf(upload.mode),
      sourceConditions: { ifMatch: quotedEtag(source.object.etag) },
      abortSignal: options.signal,
      ...authorization,
    });
    // The client takes every copy for ended; only the header tells.
    if (answer._response.headers.get('x-ms-copy-status') !== 'success')
      throw notAnAnswerOfAzure('copy that has ended');
    return writtenObject(answer);
  } catch (error) {
    const isRefused = upload.mode === 'create' && isPreconditionFailure(error);
    if (isRefused && (await isAsSeen(connection, order))) throw refusal(upload.mode, error);
    throw error;
  }
}

/** An etag comes once, so a source that has its own when all blocks are taken had it for each of them. */
async function copyBlocks(connection: AzureConnection, order: AzureCopyOrder): Promise<WrittenObject> {
  const { source, upload, options, blockBytes = 64 * mebibyte } = order;
  const { sizeBytes } = source.object;
  const target = connection.container.getBlockBlobClient(upload.name);
  const uploadId = randomUUID();
  const blocks = Array.from({ length: Math.ceil(sizeBytes / blockBytes) }, (_, index) => ({
    id: blockIdOf(uploadId, index + 1),
    offset: index * blockBytes,
  }));
  await forEachAtOnce(
    blocks,
    async ({ id, offset }) => {
      const { url, ...authorization } = await readableSource(connection, source);
      const length = Math.min(blockBytes, sizeBytes - offset);
      await target.stageBlockFromURL(id, url, offset, length, {
        abortSignal: options.signal,
        ...authorization,
      });
    },
    { atOnce: blocksAtOnce },
  );
  if (!(await isAsSeen(connection, order))) throw sourceChanged();
  const ids = blocks.map(({ id }) => id);
  return deciding(upload.mode, async () =>
    writtenObject(
      await target.commitBlockList(ids, { ...descriptionOf(upload), abortSignal: options.signal }),
    ),
  );
}

async function isAsSeen(
  { container }: AzureConnection,
  { source, options }: AzureCopyOrder,
): Promise<boolean> {
  const { etag } = await container.getBlobClient(source.name).getProperties({ abortSignal: options.signal });
  return etag !== undefined && bareEtag(etag) === source.object.etag;
}

/** The address under which the server itself reads the source, as whoever we are. */
async function readableSource(
  { library, container, tokens }: AzureConnection,
  { name }: CopySource,
): Promise<{ readonly url: string; readonly sourceAuthorization?: HttpAuthorization }> {
  const client = container.getBlobClient(name);
  if (tokens !== undefined) {
    const value = (await tokens.getToken(tokenScope))?.token;
    return value === undefined
      ? { url: client.url }
      : { url: client.url, sourceAuthorization: { scheme: 'Bearer', value } };
  }
  if (!(container.credential instanceof library.StorageSharedKeyCredential)) return { url: client.url };
  const expiresOn = new Date(Date.now() + sourceReadableMs);
  const permissions = library.BlobSASPermissions.parse('r');
  return { url: await client.generateSasUrl({ permissions, expiresOn }) };
}

function sourceChanged(): RequestFailureError {
  return new RequestFailureError({
    code: 'precondition-failed',
    what: 'the source was replaced while it was copied',
  });
}
