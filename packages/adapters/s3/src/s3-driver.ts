import type { S3 } from '@aws-sdk/client-s3';
import {
  type CloudDriver,
  type RequestFailure,
  type CopySource,
  type FinishedParts,
  type ListAnswer,
  type ListRequest,
  type ListUploadsRequest,
  type OpenedObject,
  type OpenOptions,
  type OpenUpload,
  type OpenUploads,
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
import { copyInS3 } from './copy-in-s3.ts';
import { digestOfState } from './digest-of-state.ts';
import { listS3Page } from './list-s3-page.ts';
import { listS3Uploads } from './list-s3-uploads.ts';
import { openS3Object } from './open-s3-object.ts';
import { presignS3 } from './presign-s3.ts';
import { s3Capabilities } from './s3-capabilities.ts';
import { connectS3 } from './s3-connection.ts';
import { isS3Etag, isXmlText, quotedEtag } from './s3-names.ts';
import type { S3StorageOptions } from './s3-storage-options.ts';
import { type ChecksumAnswer, ServerChecksums } from './server-checksums.ts';
import { storedObject } from './stored-object.ts';
import {
  failureOfCode,
  isMissingObject,
  isMissingUpload,
  isPreconditionFailure,
  isUnexplained,
  lostParts,
  mayRefuseChecksum,
  notAnAnswerOfS3,
  s3FailureOf,
} from './to-storage-error.ts';
import { conditionOf, deciding, descriptionOf, writtenObject } from './write-to-s3.ts';

/** The requests of S3, one at a time. */
export class S3Driver implements CloudDriver {
  readonly backend: StorageBackend = StorageBackend.AwsS3;
  readonly place: string;
  readonly capabilities: CloudDriver['capabilities'];
  readonly partLimits = { minimumPartBytes: 5_242_880, maximumParts: 10_000 };
  readonly maximumNameBytes = 1_024;
  readonly copiesInParts = true;
  readonly tellsAbsence = false;
  readonly isEtag: CloudDriver['isEtag'] = isS3Etag;
  readonly failureOf: CloudDriver['failureOf'] = s3FailureOf;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: Lazy<S3>;
  readonly #checksums = new ServerChecksums();
  /** A server may refuse requests of many, or the checksum that they have to have. */
  #removesMany = true;
  /** The bucket has answered: what is missing is an object. */
  #isBucketKnown = false;

  constructor(configuration: ResolvedCloudConfiguration, options: S3StorageOptions) {
    this.capabilities = s3Capabilities({ versions: options.versions ?? false });
    this.place = `bucket ${configuration.bucket}`;
    this.#bucket = configuration.bucket;
    this.#prefix = configuration.prefix;
    this.#client = new Lazy(() => connectS3(configuration, options));
  }

  async head(
    name: string,
    { version, signal }: RequestOptions & { readonly version?: string | undefined },
  ): Promise<StoredObject | undefined> {
    const client = await this.#client.get();
    try {
      const input = { ...this.#at(name), ...(version === undefined ? {} : { VersionId: version }) };
      const answer = await client.headObject(input, { abortSignal: signal });
      this.#isBucketKnown = true;
      return storedObject(answer, answer.ContentLength);
    } catch (error) {
      // Without a body a refusal does not say why; the answer to a listing does.
      if (isUnexplained(error)) await this.probe({ signal });
      if (!isMissingObject(error)) throw error;
      await this.#requireBucket(client, signal);
      return undefined;
    }
  }

  async open(name: string, options: OpenOptions): Promise<OpenedObject | undefined> {
    try {
      return await openS3Object(await this.#client.get(), this.#at(name), options);
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  }

  async putWhole(upload: Upload, bytes: Uint8Array, { signal }: RequestOptions): Promise<WrittenObject> {
    const client = await this.#client.get();
    const { ChecksumSHA256, ...description } = descriptionOf(upload);
    const input = { ...this.#at(upload.name), ...description, ...conditionOf(upload.mode) };
    const sent = { ...input, Body: bytes, ContentLength: bytes.byteLength };
    const send = async (hasChecksum: boolean): Promise<ChecksumAnswer> => {
      const checked = hasChecksum && ChecksumSHA256 !== undefined ? { ...sent, ChecksumSHA256 } : sent;
      const answer = await client.putObject(checked, { abortSignal: signal });
      return { written: writtenObject(answer), stated: answer.ChecksumSHA256 };
    };
    const digestOf = (etag: string): Promise<string | undefined> =>
      digestOfState(client, this.#at(upload.name), { etag, signal });
    const remove = (etag: string): Promise<unknown> => this.remove(upload.name, { ifMatch: etag, signal });
    return deciding(upload.mode, () => this.#checksums.send({ upload, bytes, digestOf, remove }, send));
  }

  async beginParts(upload: Upload, { signal }: RequestOptions): Promise<string> {
    const client = await this.#client.get();
    const { ChecksumSHA256: _ofTheWhole, ...description } = descriptionOf(upload);
    const input = { ...this.#at(upload.name), ...description };
    const { UploadId } = await client.createMultipartUpload(input, { abortSignal: signal });
    if (UploadId === undefined) throw notAnAnswerOfS3('upload id');
    return UploadId;
  }

  async putPart(
    { name }: Upload,
    { uploadId, number, bytes }: UploadPart,
    { signal }: RequestOptions,
  ): Promise<string> {
    const client = await this.#client.get();
    const { ETag } = await client.uploadPart(
      {
        ...this.#at(name),
        UploadId: uploadId,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.byteLength,
      },
      { abortSignal: signal },
    );
    if (ETag === undefined) throw notAnAnswerOfS3('etag');
    return ETag;
  }

  async completeParts(
    { name, mode }: Upload,
    { uploadId, receipts }: FinishedParts,
    { signal }: RequestOptions,
  ): Promise<WrittenObject> {
    const client = await this.#client.get();
    const Parts = receipts.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    const input = { ...this.#at(name), UploadId: uploadId, MultipartUpload: { Parts }, ...conditionOf(mode) };
    const written = await deciding(mode, async () =>
      writtenObject(await client.completeMultipartUpload(input, { abortSignal: signal })),
    );
    const parts = /-(\d+)$/.exec(written.etag)?.[1];
    if (parts === undefined || Number(parts) === receipts.length) return written;
    await this.remove(name, { ifMatch: written.etag, signal });
    throw lostParts(Number(parts), receipts.length);
  }

  async listUploads(request: ListUploadsRequest): Promise<OpenUploads> {
    return listS3Uploads(await this.#client.get(), this.#bucket, request);
  }

  abortParts({ name }: Upload, uploadId: string, options: RequestOptions): Promise<void> {
    return this.endUpload({ name, uploadId }, options);
  }

  async endUpload(
    { name, uploadId }: Pick<OpenUpload, 'name' | 'uploadId'>,
    { signal }: RequestOptions,
  ): Promise<void> {
    const client = await this.#client.get();
    try {
      await client.abortMultipartUpload({ ...this.#at(name), UploadId: uploadId }, { abortSignal: signal });
    } catch (error) {
      if (!isMissingUpload(error) && !isMissingObject(error)) throw error;
    }
  }

  async remove(
    name: string,
    { ifMatch, signal }: RequestOptions & { readonly ifMatch?: string | undefined },
  ): Promise<'deleted' | 'absent'> {
    const client = await this.#client.get();
    const condition = ifMatch === undefined ? {} : { IfMatch: quotedEtag(ifMatch) };
    try {
      const input = { ...this.#at(name), ...condition };
      const { $metadata } = await client.deleteObject(input, { abortSignal: signal });
      if ($metadata.httpStatusCode !== 204) throw notAnAnswerOfS3('status of a deletion');
      return 'deleted';
    } catch (error) {
      if (isMissingObject(error)) return 'absent';
      const isGone = isPreconditionFailure(error) && (await this.head(name, { signal })) === undefined;
      if (isGone) return 'absent';
      throw error;
    }
  }

  async removeMany(
    names: readonly string[],
    { signal }: RequestOptions,
  ): Promise<readonly (RequestFailure | undefined)[]> {
    const client = await this.#client.get();
    const outcomes = new Map<string, RequestFailure | undefined>();
    const Objects = names.filter(isXmlText).map((Key) => ({ Key }));
    if (Objects.length > 0 && this.#removesMany) {
      try {
        const input = { Bucket: this.#bucket, Delete: { Objects } };
        const { Deleted = [], Errors = [] } = await client.deleteObjects(input, { abortSignal: signal });
        for (const { Key = '' } of Deleted) outcomes.set(Key, undefined);
        for (const { Key = '', Code = '', Message = '' } of Errors)
          outcomes.set(Key, failureOfCode(Code, Message));
      } catch (error) {
        if (!mayRefuseChecksum(error)) throw error;
        this.#removesMany = false;
      }
    }
    return names.map((name) => (outcomes.has(name) ? outcomes.get(name) : oneByOne));
  }

  async listPage(request: ListRequest): Promise<ListAnswer> {
    return listS3Page(await this.#client.get(), this.#bucket, request);
  }

  async copy(source: CopySource, upload: Upload, options: RequestOptions): Promise<WrittenObject> {
    return copyInS3(
      { client: await this.#client.get(), bucket: this.#bucket, driver: this },
      { source, upload, options },
    );
  }

  async presign(
    name: string,
    request: PresignRequest,
  ): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
    return presignS3(await this.#client.get(), this.#at(name), request);
  }

  async probe({ signal }: RequestOptions): Promise<void> {
    await this.listPage({ prefix: this.#prefix, pageSize: 1, signal });
  }

  async close(): Promise<void> {
    await this.#client.end((client) => client.destroy());
  }

  #at(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: name };
  }

  /** The answer to `HEAD` has no body, so that a missing bucket looks like a missing object. */
  async #requireBucket(client: S3, signal: AbortSignal): Promise<void> {
    if (this.#isBucketKnown) return;
    await client
      .listObjectsV2({ Bucket: this.#bucket, MaxKeys: 1 }, { abortSignal: signal })
      .catch((error: unknown) => {
        const code = s3FailureOf(error)?.code;
        if (code !== 'permission-denied') throw error;
      });
    this.#isBucketKnown = true;
  }
}

/** A request of many cannot hold the name, or its answer did not report it: a request of its own decides. */
const oneByOne: RequestFailure = {
  code: 'unsupported',
  what: 'the server did not report what became of the object',
  isTemporary: true,
};
