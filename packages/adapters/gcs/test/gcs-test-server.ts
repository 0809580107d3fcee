import { GcpStorageAdapter, type GcpStorageOptions } from '@holdfast/adapter-gcs';
import { type RunningService, fakeGcsServer } from '@holdfast/tooling-services';
import { afterAll } from 'vitest';

/** A running server of Google Cloud Storage, and adapters of buckets in it. */
export class GcsTestServer {
  readonly #service: RunningService;
  #buckets = 0;

  private constructor(service: RunningService) {
    this.#service = service;
  }

  /** Starts a server for the tests of a file; `undefined` after one loud line when it is missing. */
  static async open(): Promise<GcsTestServer | undefined> {
    const running = await fakeGcsServer.open();
    if (running === undefined) return undefined;
    const server = new GcsTestServer(running);
    afterAll(() => running[Symbol.asyncDispose]());
    return server;
  }

  get endpoint(): string {
    return this.#service.address;
  }

  /** Makes a bucket of its own. */
  async makeBucket({ versions = false }: { readonly versions?: boolean } = {}): Promise<string> {
    const name = `bucket-${process.pid}-${++this.#buckets}`;
    const answer = await fetch(`${this.endpoint}/storage/v1/b?project=test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, versioning: { enabled: versions } }),
    });
    if (!answer.ok) throw new Error(`the bucket was not made: ${answer.status}`);
    return name;
  }

  adapter(options: Pick<GcpStorageOptions, 'bucket'> & Partial<GcpStorageOptions>): GcpStorageAdapter {
    return new GcpStorageAdapter({ endpoint: this.endpoint, ...options });
  }
}
