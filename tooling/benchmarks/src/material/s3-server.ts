import { randomUUID } from 'node:crypto';
import { S3 } from '@aws-sdk/client-s3';
import { type RunningService, s3TestKeys, versitygw } from '@holdfast/tooling-services';

/** A bucket that is reached at an address, told to processes as text. */
export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
}

/** What a listing tells of an object. */
export interface ListedS3Object {
  readonly sizeBytes: number;
  /** Of an object that came in one piece, the MD5 of its bytes. */
  readonly etag: string;
}

/** A server of S3 on the loopback, and buckets in it. */
export class S3Server implements AsyncDisposable {
  readonly #service: RunningService;
  readonly client: S3;

  private constructor(service: RunningService) {
    this.#service = service;
    this.client = new S3({
      ...connectionOf(service.address),
      requestHandler: { httpAgent: { maxSockets: 32 } },
    });
  }

  /** @throws Error when the server is missing. */
  static async open(): Promise<S3Server> {
    await versitygw.install();
    const service = await versitygw.open();
    if (service === undefined) throw new Error(`${versitygw.name} is missing.`);
    return new S3Server(service);
  }

  get endpoint(): string {
    return this.#service.address;
  }

  /** Makes a bucket of its own. */
  async makeBucket(): Promise<S3Place> {
    const bucket = `bench-${randomUUID()}`;
    await this.client.createBucket({ Bucket: bucket });
    return { endpoint: this.endpoint, bucket };
  }

  /** Everything in a bucket below a prefix, by its name. */
  async list({ bucket }: S3Place, prefix = ''): Promise<ReadonlyMap<string, ListedS3Object>> {
    const found = new Map<string, ListedS3Object>();
    for (let token: string | undefined; ;) {
      const page = await this.client.listObjectsV2({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      for (const { Key = '', Size = -1, ETag = '' } of page.Contents ?? [])
        found.set(Key, { sizeBytes: Size, etag: ETag.replaceAll('"', '') });
      if (page.IsTruncated !== true) return found;
      token = page.NextContinuationToken;
    }
  }

  /** The bytes of an object, as they come. */
  async read({ bucket }: S3Place, key: string): Promise<AsyncIterable<Uint8Array>> {
    const { Body } = await this.client.getObject({ Bucket: bucket, Key: key });
    return Body as unknown as AsyncIterable<Uint8Array>;
  }

  /** Removes everything below a prefix. */
  async empty(place: S3Place, prefix = ''): Promise<void> {
    const names = [...(await this.list(place, prefix)).keys()];
    for (let begin = 0; begin < names.length; begin += 1_000) {
      const Objects = names.slice(begin, begin + 1_000).map((Key) => ({ Key }));
      await this.client.deleteObjects({ Bucket: place.bucket, Delete: { Objects, Quiet: true } });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await this.#service[Symbol.asyncDispose]();
  }
}

/** How a client of AWS reaches a server of tests. */
export function connectionOf(endpoint: string): {
  readonly endpoint: string;
  readonly region: string;
  readonly forcePathStyle: true;
  readonly credentials: typeof s3TestKeys;
} {
  return { endpoint, region: 'us-east-1', forcePathStyle: true, credentials: s3TestKeys };
}
