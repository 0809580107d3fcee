import { S3 } from '@aws-sdk/client-s3';
import { S3StorageAdapter, type S3StorageOptions } from '@holdfast/adapter-s3';
import { type RunningService, type Service, s3TestKeys } from '@holdfast/tooling-services';
import { afterAll } from 'vitest';

/** A running server of S3, and adapters of buckets in it. */
export class S3TestServer {
  readonly #service: RunningService;
  readonly client: S3;
  #buckets = 0;

  private constructor(service: RunningService) {
    this.#service = service;
    this.client = new S3({
      endpoint: service.address,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: s3TestKeys,
    });
  }

  /** Starts a server for the tests of a file; `undefined` after one loud line when it is missing. */
  static async open(service: Service): Promise<S3TestServer | undefined> {
    const running = await service.open();
    if (running === undefined) return undefined;
    const server = new S3TestServer(running);
    afterAll(() => server.#end());
    return server;
  }

  get endpoint(): string {
    return this.#service.address;
  }

  /** Makes a bucket of its own. */
  async makeBucket({ versions = false }: { readonly versions?: boolean } = {}): Promise<string> {
    const Bucket = `bucket-${process.pid}-${++this.#buckets}`;
    await this.client.createBucket({ Bucket });
    if (versions) {
      await this.client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    }
    return Bucket;
  }

  adapter(options: Pick<S3StorageOptions, 'bucket'> & Partial<S3StorageOptions>): S3StorageAdapter {
    return new S3StorageAdapter({
      endpoint: this.endpoint,
      credentials: async () => s3TestKeys,
      transfer: { partSizeBytes: 5 * 1_048_576, bufferBytes: 20 * 1_048_576 },
      ...options,
    });
  }

  async #end(): Promise<void> {
    this.client.destroy();
    await this.#service[Symbol.asyncDispose]();
  }
}
