import { randomUUID } from 'node:crypto';
import type { BlobClient } from '@azure/storage-blob';
import {
  type CloudDriver,
  type CopySource,
  type FinishedParts,
  type ListAnswer,
  type ListRequest,
  type OpenedObject,
  type OpenOptions,
  type PresignRequest,
  type RequestOptions,
  type ResolvedCloudConfiguration,
  type StoredObject,
  type Upload,
  type UploadPart,
  type WrittenObject,
} from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { Lazy } from '@holdfast/work';
import { azureCapabilities } from './azure-capabilities.ts';
import { type AzureConnection, connectAzure } from './azure-connection.ts';
import { isAzureEtag, quotedEtag } from './azure-names.ts';
import { blockIdOf } from './block-id.ts';
import { copyInAzure } from './copy-in-azure.ts';
import { listAzurePage } from './list-azure-page.ts';
import { openAzureBlob } from './open-azure-blob.ts';
import { presignAzure } from './presign-azure.ts';
import type { AzurePlace } from './resolve-place.ts';
import { storedObject } from './stored-object.ts';
import {
  azureFailureOf,
  bytesChanged,
  isMissingBlocks,
  isMissingObject,
  isPreconditionFailure,
  notAnAnswerOfAzure,
} from './to-storage-error.ts';
import { bodyOf, deciding, descriptionOf, isOther, refusal, writtenObject } from './write-to-azure.ts';

/** The requests of Azure Blob Storage, one at a time. */
export class AzureDriver implements CloudDriver {
  readonly backend: StorageBackend = StorageBackend.AzureBlob;
  readonly place: string;
  readonly capabilities: CloudDriver['capabilities'];
  readonly partLimits = { minimumPartBytes: 1, maximumParts: 50_000 };
  /** Names of metadata are identifiers of C#, whose case does not count; the client reads one of them wrongly. */
  readonly metadataSpelling: CloudDriver['metadataSpelling'] = {
    plainName: /^(?!holdfast_|constructor$)[a-z][a-z0-9_]*$/,
    separator: '_',
    maximumBytes: 8_000,
  };
  /** A backslash is taken for a slash; the last two are characters that XML has not. */
  readonly unspeakable: RegExp = /[\\\uFFFE\uFFFF]/u;
  readonly guardsFinalDots = true;
  readonly maximumNameBytes = 1_024;
  readonly describesAtEnd = true;
  readonly tellsAbsence = true;
  readonly isEtag: CloudDriver['isEtag'] = isAzureEtag;
  readonly failureOf: CloudDriver['failureOf'] = azureFailureOf;
  readonly #prefix: string;
  readonly #connection: Lazy<AzureConnection>;

  constructor(configuration: ResolvedCloudConfiguration, place: AzurePlace) {
    const { credentials, versions } = place;
    const presigning =
      typeof credentials === 'object' && ('accountKey' in credentials || 'connectionString' in credentials);
    this.capabilities = azureCapabilities({ versions, presigning });
    this.place = `container ${configuration.bucket}`;
    this.#prefix = configuration.prefix;
    this.#connection = new Lazy(() => connectAzure(configuration, place));
  }

  async head(
    name: string,
    { version, signal }: RequestOptions & { readonly version?: string | undefined },
  ): Promise<StoredObject | undefined> {
    const client = await this.#blob(name, version);
    try {
      const answer = await client.getProperties({ abortSignal: signal });
      return storedObject(answer, answer.contentLength);
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  }

  async open(name: string, options: OpenOptions): Promise<OpenedObject | undefined> {
    try {
      return await openAzureBlob(await this.#blob(name, options.version), options);
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      const isGone = isPreconditionFailure(error) && (await this.head(name, options)) === undefined;
      if (isGone) return undefined;
      throw error;
    }
  }

  async putWhole(upload: Upload, bytes: Uint8Array, { signal }: RequestOptions): Promise<WrittenObject> {
    const { container } = await this.#connection.get();
    const { body, transactionalContentMD5 } = bodyOf(bytes);
    const options = { ...descriptionOf(upload), transactionalContentMD5, abortSignal: signal };
    return deciding(upload.mode, async () => {
      const answer = await container.getBlockBlobClient(upload.name).upload(body, body.byteLength, options);
      const written = writtenObject(answer);
      if (isOther(answer.contentMD5, transactionalContentMD5)) {
        await this.remove(upload.name, { ifMatch: written.etag, signal });
        throw bytesChanged();
      }
      return written;
    });
  }

  /** Nothing is announced: blocks wait beside the blob until they are named. */
  async beginParts(): Promise<string> {
    return randomUUID();
  }

  async putPart(
    { name }: Upload,
    { uploadId, number, bytes }: UploadPart,
    { signal }: RequestOptions,
  ): Promise<string> {
    const { container } = await this.#connection.get();
    const id = blockIdOf(uploadId, number);
    const { body, transactionalContentMD5 } = bodyOf(bytes);
    const options = { transactionalContentMD5, abortSignal: signal };
    const { requestId, contentMD5 } = await container
      .getBlockBlobClient(name)
      .stageBlock(id, body, body.byteLength, options);
    if (requestId === undefined) throw notAnAnswerOfAzure('id of the request');
    if (isOther(contentMD5, transactionalContentMD5)) throw bytesChanged();
    return id;
  }

  async completeParts(
    upload: Upload,
    { receipts }: FinishedParts,
    { signal }: RequestOptions,
  ): Promise<WrittenObject> {
    const { container } = await this.#connection.get();
    const { name, mode } = upload;
    try {
      return await deciding(mode, async () =>
        writtenObject(
          await container
            .getBlockBlobClient(name)
            .commitBlockList([...receipts], { ...descriptionOf(upload), abortSignal: signal }),
        ),
      );
    } catch (error) {
      if (isMissingBlocks(error) && (await this.#isRefused(upload, signal))) throw refusal(mode, error);
      throw error;
    }
  }

  /**
   * Blocks that no blob names cannot be taken back. Nobody sees them; Azure drops them when the blob is written, or after
   * a week.
   */
  async abortParts(): Promise<void> {}

  async remove(
    name: string,
    { ifMatch, signal }: RequestOptions & { readonly ifMatch?: string | undefined },
  ): Promise<'deleted' | 'absent'> {
    const client = await this.#blob(name);
    const conditions = ifMatch === undefined ? {} : { ifMatch: quotedEtag(ifMatch) };
    try {
      await client.delete({ conditions, abortSignal: signal });
      return 'deleted';
    } catch (error) {
      if (isMissingObject(error)) return 'absent';
      const isGone = isPreconditionFailure(error) && (await this.head(name, { signal })) === undefined;
      if (isGone) return 'absent';
      throw error;
    }
  }

  async listPage(request: ListRequest): Promise<ListAnswer> {
    const { container } = await this.#connection.get();
    return listAzurePage(container, request);
  }

  async copy(source: CopySource, upload: Upload, options: RequestOptions): Promise<WrittenObject> {
    return copyInAzure(await this.#connection.get(), { source, upload, options });
  }

  async presign(
    name: string,
    request: PresignRequest,
  ): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
    return presignAzure(await this.#connection.get(), name, request);
  }

  async probe({ signal }: RequestOptions): Promise<void> {
    await this.listPage({ prefix: this.#prefix, pageSize: 1, signal });
  }

  async close(): Promise<void> {
    await this.#connection.end(({ agent }) => agent.destroy());
  }

  async #blob(name: string, version?: string): Promise<BlobClient> {
    const { container } = await this.#connection.get();
    const client = container.getBlobClient(name);
    return version === undefined ? client : client.withVersion(version);
  }

  /** Whether a write under a condition came too late: whoever was first took the blocks of all others away. */
  async #isRefused({ name, mode }: Upload, signal: AbortSignal): Promise<boolean> {
    if (mode === 'overwrite') return false;
    const found = await this.head(name, { signal });
    return mode === 'create' ? found !== undefined : found?.etag !== mode.ifMatch;
  }
}
