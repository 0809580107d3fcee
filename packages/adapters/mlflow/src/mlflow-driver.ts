import { randomUUID } from 'node:crypto';
import {
  type CloudDriver,
  type CopySource,
  type FinishedParts,
  type ListAnswer,
  type ListRequest,
  type OpenedObject,
  type OpenOptions,
  type RequestOptions,
  type ResolvedCloudConfiguration,
  type StoredObject,
  type Upload,
  type UploadPart,
  type WrittenObject,
  httpFailures,
} from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { ArtifactRequests } from './artifact-requests.ts';
import { FolderListing } from './folder-listing.ts';
import { listMlflowPage } from './list-mlflow-page.ts';
import { mlflowCapabilities } from './mlflow-capabilities.ts';
import { MlflowClient } from './mlflow-client.ts';
import type { MlflowStorageOptions } from './mlflow-storage-options.ts';
import { failureError, mlflowFailureOf } from './to-storage-error.ts';
import { uploadArtifact } from './upload-artifact.ts';
import { UploadSpool } from './upload-spool.ts';

/** The requests of MLflow's artifact proxy. What is written in parts waits on this machine until it is whole. */
export class MlflowDriver implements CloudDriver {
  readonly backend: StorageBackend = StorageBackend.Mlflow;
  readonly place = 'the MLflow server';
  readonly capabilities: CloudDriver['capabilities'] = mlflowCapabilities;
  readonly partLimits = { minimumPartBytes: 1, maximumParts: 1_000_000 };
  readonly maximumNameBytes = 1_024;
  readonly maximumPartsAtOnce = 1;
  readonly sendsWholeObjects = true;
  readonly tellsAbsence = false;
  readonly failureOf: CloudDriver['failureOf'] = mlflowFailureOf;
  readonly #client: MlflowClient;
  readonly #requests: ArtifactRequests;
  readonly #folders: FolderListing;
  readonly #spoolFolder: string | undefined;
  readonly #poolSize: number;
  readonly #prefix: string;
  readonly #spools = new Map<string, UploadSpool>();

  constructor(
    configuration: ResolvedCloudConfiguration,
    { credentials = async () => undefined, spoolFolder }: MlflowStorageOptions,
  ) {
    this.#client = new MlflowClient(configuration, credentials);
    this.#requests = new ArtifactRequests(this.#client);
    this.#folders = new FolderListing(this.#client);
    this.#poolSize = configuration.poolSize;
    this.#prefix = configuration.prefix;
    this.#spoolFolder = spoolFolder;
  }

  isEtag(text: string): boolean {
    return /^[A-Za-z0-9._:+=-]+$/.test(text);
  }

  head(name: string, options: RequestOptions): Promise<StoredObject | undefined> {
    return this.#requests.head(name, options);
  }

  open(name: string, options: OpenOptions): Promise<OpenedObject | undefined> {
    return this.#requests.open(name, options);
  }

  putWhole({ name }: Upload, bytes: Uint8Array, options: RequestOptions): Promise<WrittenObject> {
    const body = { sizeBytes: bytes.byteLength, chunks: piecesOf(bytes) };
    return uploadArtifact(this.#requests, { name, body, options });
  }

  async beginParts(): Promise<string> {
    const uploadId = randomUUID();
    this.#spools.set(uploadId, await UploadSpool.open(this.#spoolFolder));
    return uploadId;
  }

  async putPart(_upload: Upload, { uploadId, bytes, offset }: UploadPart): Promise<string> {
    await this.#spoolOf(uploadId).write(bytes, offset);
    return '';
  }

  async completeParts(
    { name }: Upload,
    { uploadId, sizeBytes }: FinishedParts,
    options: RequestOptions,
  ): Promise<WrittenObject> {
    const body = { sizeBytes, chunks: this.#spoolOf(uploadId).read() };
    const written = await uploadArtifact(this.#requests, { name, body, options });
    await this.abortParts(undefined, uploadId);
    return written;
  }

  async abortParts(_upload: Upload | undefined, uploadId: string): Promise<void> {
    const spool = this.#spools.get(uploadId);
    this.#spools.delete(uploadId);
    await spool?.[Symbol.asyncDispose]();
  }

  /** The server removes folders with all that is in them: the adapter has looked that an artifact has this name. */
  async remove(name: string, options: RequestOptions): Promise<'deleted'> {
    await this.#requests.remove(name, options);
    return 'deleted';
  }

  listPage(request: ListRequest): Promise<ListAnswer> {
    return listMlflowPage(request, {
      folders: this.#folders,
      poolSize: this.#poolSize,
      head: (name) => this.#requests.head(name, request),
    });
  }

  /** The server copies nothing by itself: the bytes pass by here. */
  async copy(source: CopySource, { name }: Upload, options: RequestOptions): Promise<WrittenObject> {
    const { etag, sizeBytes } = source.object;
    const opened = await this.#requests.open(source.name, options);
    if (opened === undefined) throw failureError({ code: 'not-found', what: 'there is no such artifact' });
    try {
      if (opened.object.etag !== etag) throw failureError(httpFailures.otherState);
      const body = { sizeBytes, chunks: opened.body };
      return await uploadArtifact(this.#requests, { name, body, options });
    } finally {
      opened.close();
    }
  }

  async probe({ signal }: RequestOptions): Promise<void> {
    await this.#folders.read(this.#prefix.slice(0, Math.max(0, this.#prefix.lastIndexOf('/'))), signal);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#spools.keys()].map((uploadId) => this.abortParts(undefined, uploadId)));
    this.#client.close();
  }

  #spoolOf(uploadId: string): UploadSpool {
    const spool = this.#spools.get(uploadId);
    if (spool === undefined) throw new RangeError('The upload has ended.');
    return spool;
  }
}

const pieceBytes = 1_048_576;

/** Short enough to be given up in between. */
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += pieceBytes)
    yield bytes.subarray(offset, offset + pieceBytes);
}
