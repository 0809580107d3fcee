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
  type StoredObject,
  type Upload,
  type UploadPart,
  type WrittenObject,
} from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { Lazy } from '@holdfast/work';
import { connectGcs } from './connect-gcs.ts';
import { copyInGcs } from './copy-in-gcs.ts';
import { checkedObject, deciding } from './describe-upload.ts';
import { gcsCapabilities } from './gcs-capabilities.ts';
import type { GcsClient } from './gcs-client.ts';
import { bucketPath, isGeneration, objectPath, uploadPath } from './gcs-names.ts';
import { listGcsPage } from './list-gcs-page.ts';
import { openGcsObject } from './open-gcs-object.ts';
import { presignGcs } from './presign-gcs.ts';
import { putToGcs } from './put-to-gcs.ts';
import type { ResolvedGcpConfiguration } from './resolve-gcp-configuration.ts';
import { RunningCrc32c } from './running-crc32c.ts';
import { describedFields, objectResource } from './stored-object.ts';
import {
  bucketIsMissing,
  gcsFailureOf,
  isPreconditionFailure,
  missingObject,
  unfoldableDelimiter,
} from './to-storage-error.ts';
import { UploadSessions } from './upload-sessions.ts';
import { uploadUnitBytes } from './upload-unit.ts';

interface Connection {
  readonly client: GcsClient;
  readonly sessions: UploadSessions;
}

/** The requests of Google Cloud Storage, one at a time. */
export class GcsDriver implements CloudDriver {
  readonly backend: StorageBackend = StorageBackend.GcpStorage;
  readonly place: string;
  readonly capabilities: CloudDriver['capabilities'];
  readonly partLimits: CloudDriver['partLimits'] = {
    minimumPartBytes: uploadUnitBytes,
    maximumParts: 655_360,
  };
  readonly maximumPartsAtOnce = 1;
  /** No name may begin with `.well-known/acme-challenge/`; the run from `%` to `.` is guarded to keep the order. */
  readonly guardedFirst: RegExp = /[%-.]/u;
  readonly maximumNameBytes = 1_024;
  readonly tellsAbsence = true;
  readonly isEtag: CloudDriver['isEtag'] = isGeneration;
  readonly failureOf: CloudDriver['failureOf'] = gcsFailureOf;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #connection: Lazy<Connection>;
  /** The bucket has answered: what is missing is an object. */
  #isBucketKnown = false;

  constructor(configuration: ResolvedGcpConfiguration, { versions }: { readonly versions: boolean }) {
    const { bucket, prefix, credentials } = configuration;
    this.capabilities = gcsCapabilities({ versions, signs: credentials !== 'anonymous' });
    this.place = `bucket ${bucket}`;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#connection = new Lazy(() => connect(configuration));
  }

  async head(
    name: string,
    { version, signal }: RequestOptions & { readonly version?: string | undefined },
  ): Promise<StoredObject | undefined> {
    if (version !== undefined && !isGeneration(version)) return undefined;
    return this.#orAbsent(signal, async ({ client }) => {
      const query = { generation: version, fields: describedFields };
      const path = objectPath(this.#bucket, name);
      return objectResource((await client.json({ method: 'GET', path, query, signal })).value);
    });
  }

  async open(name: string, options: OpenOptions): Promise<OpenedObject | undefined> {
    if (options.version !== undefined && !isGeneration(options.version)) return undefined;
    return this.#orAbsent(options.signal, ({ client }) =>
      openGcsObject(client, { bucket: this.#bucket, name }, options),
    );
  }

  async putWhole(upload: Upload, bytes: Uint8Array, { signal }: RequestOptions): Promise<WrittenObject> {
    const { client } = await this.#connection.get();
    const checksum = new RunningCrc32c();
    checksum.update(bytes);
    const crc32c = checksum.toString();
    const path = uploadPath(this.#bucket);
    const value = await uploading(upload, () => putToGcs(client, { path, upload, bytes, crc32c, signal }));
    return checkedObject(value, { sizeBytes: bytes.byteLength, crc32c }, this.#takeBack(upload, signal));
  }

  async beginParts(upload: Upload, { signal }: RequestOptions): Promise<string> {
    const { sessions } = await this.#connection.get();
    return uploading(upload, () => sessions.begin(uploadPath(this.#bucket), upload, signal));
  }

  async putPart(upload: Upload, part: UploadPart, { signal }: RequestOptions): Promise<string> {
    const { sessions } = await this.#connection.get();
    await deciding(upload.mode, () => sessions.put(upload, part, signal));
    return String(part.number);
  }

  async completeParts(
    upload: Upload,
    parts: FinishedParts,
    { signal }: RequestOptions,
  ): Promise<WrittenObject> {
    const { sessions } = await this.#connection.get();
    const { value, crc32c } = await deciding(upload.mode, () => sessions.end(upload, parts, signal));
    return checkedObject(value, { sizeBytes: parts.sizeBytes, crc32c }, this.#takeBack(upload, signal));
  }

  async abortParts(upload: Upload, _uploadId: string, { signal }: RequestOptions): Promise<void> {
    const { sessions } = await this.#connection.get();
    await sessions.cancel(upload, signal);
  }

  async remove(
    name: string,
    { ifMatch, signal }: RequestOptions & { readonly ifMatch?: string | undefined },
  ): Promise<'deleted' | 'absent'> {
    const path = objectPath(this.#bucket, name);
    try {
      const removed = await this.#orAbsent(signal, async ({ client }) => {
        await client.json({ method: 'DELETE', path, query: { ifGenerationMatch: ifMatch }, signal });
        return true;
      });
      return removed === undefined ? 'absent' : 'deleted';
    } catch (error) {
      const isGone = isPreconditionFailure(error) && (await this.head(name, { signal })) === undefined;
      if (isGone) return 'absent';
      throw error;
    }
  }

  async listPage(request: ListRequest): Promise<ListAnswer> {
    const { client } = await this.#connection.get();
    if (request.prefix === '' && request.delimiter?.startsWith('%') === true) throw unfoldableDelimiter();
    try {
      return await listGcsPage(client, bucketPath(this.#bucket), request);
    } catch (error) {
      throw missingObject(error) === undefined ? error : bucketIsMissing(error);
    }
  }

  async copy(source: CopySource, upload: Upload, { signal }: RequestOptions): Promise<WrittenObject> {
    const { client } = await this.#connection.get();
    return deciding(upload.mode, () => copyInGcs(client, { bucket: this.#bucket, source, upload, signal }));
  }

  async presign(
    name: string,
    request: PresignRequest,
  ): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
    const { client } = await this.#connection.get();
    return presignGcs(client, { bucket: this.#bucket, name }, request);
  }

  async probe({ signal }: RequestOptions): Promise<void> {
    await this.listPage({ prefix: this.#prefix, pageSize: 1, signal });
  }

  async close(): Promise<void> {
    await this.#connection.end(({ client }) => client.end());
  }

  /** Tells a missing object as `undefined`, and a missing bucket as an error. */
  async #orAbsent<T>(
    signal: AbortSignal,
    ask: (connection: Connection) => Promise<T>,
  ): Promise<T | undefined> {
    const connection = await this.#connection.get();
    try {
      const answer = await ask(connection);
      this.#isBucketKnown = true;
      return answer;
    } catch (error) {
      const missing = missingObject(error);
      if (missing === undefined) throw error;
      if (missing === 'unsure') await this.#requireBucket(signal);
      return undefined;
    }
  }

  /** Not every refusal tells whether the object or the bucket is missing. */
  async #requireBucket(signal: AbortSignal): Promise<void> {
    if (this.#isBucketKnown) return;
    await this.probe({ signal }).catch((error: unknown) => {
      if (gcsFailureOf(error)?.code !== 'permission-denied') throw error;
    });
    this.#isBucketKnown = true;
  }

  /** Removes what a write made of other bytes than were sent. */
  #takeBack({ name }: Upload, signal: AbortSignal): (generation: string) => Promise<void> {
    return async (generation) => void (await this.remove(name, { ifMatch: generation, signal }));
  }
}

/** Whatever is missing where an upload begins, it is the bucket. */
function uploading<T>({ mode }: Upload, begin: () => Promise<T>): Promise<T> {
  return deciding(mode, async () => {
    try {
      return await begin();
    } catch (error) {
      throw missingObject(error) === undefined ? error : bucketIsMissing(error);
    }
  });
}

async function connect(configuration: ResolvedGcpConfiguration): Promise<Connection> {
  const client = await connectGcs(configuration);
  return { client, sessions: new UploadSessions(client) };
}
