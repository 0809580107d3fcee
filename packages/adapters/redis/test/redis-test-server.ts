import { randomUUID } from 'node:crypto';
import { RedisStorageAdapter, type RedisStorageOptions } from '@holdfast/adapter-redis';
import type { RunningService, Service } from '@holdfast/tooling-services';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';

/** A running server, or one of a cluster, and adapters of stores on it. */
export class RedisTestServer {
  readonly #service: RunningService;
  readonly #isCluster: boolean;
  readonly client: Redis;

  private constructor(service: RunningService, isCluster: boolean) {
    this.#service = service;
    this.#isCluster = isCluster;
    this.client = new Redis(service.address, { lazyConnect: true });
  }

  /** Starts a server for the tests of a file; `undefined` after one loud line when it is missing. */
  static async open(service: Service, { isCluster = false } = {}): Promise<RedisTestServer | undefined> {
    const running = await service.open();
    if (running === undefined) return undefined;
    const server = new RedisTestServer(running, isCluster);
    afterAll(() => server.#end());
    return server;
  }

  get url(): string {
    return this.#service.address;
  }

  /** A prefix that nobody has. */
  newPrefix(): string {
    return `test-${randomUUID()}`;
  }

  adapter(options: Partial<RedisStorageOptions> & { readonly prefix: string }): RedisStorageAdapter {
    return new RedisStorageAdapter({ url: this.url, durability: 'none', ...options });
  }

  /** The names of all keys of a store, on whichever node they are. */
  async keysOf(prefix: string): Promise<readonly string[]> {
    return this.#onItsNode(prefix, async (client) => {
      const keys: string[] = [];
      for await (const found of client.scanStream({ match: `{${prefix}}:*`, count: 10_000 })) {
        keys.push(...(found as string[]));
      }
      return keys;
    });
  }

  /** The chunks that belong to no object yet, or none any more. */
  async expiringChunks(prefix: string): Promise<readonly string[]> {
    const chunks = (await this.keysOf(prefix)).filter((key) => key.startsWith(`{${prefix}}:data:`));
    const lives = await this.#onItsNode(prefix, (client) =>
      Promise.all(chunks.map((chunk) => client.pttl(chunk))),
    );
    return chunks.filter((_, index) => Number(lives[index]) >= 0);
  }

  async remove(prefix: string): Promise<void> {
    const keys = await this.keysOf(prefix);
    await this.#onItsNode(prefix, async (client) => {
      for (const key of keys) await client.unlink(key);
    });
  }

  async #onItsNode<T>(prefix: string, work: (client: Redis) => Promise<T>): Promise<T> {
    if (!this.#isCluster) return work(this.client);
    const slot = await this.client.cluster('KEYSLOT', `{${prefix}}`);
    const slots = await this.client.cluster('SLOTS');
    const [, , [host, port] = ['', 0]] = slots.find(([first, last]) => slot >= first && slot <= last) ?? [];
    const client = new Redis(port, host, { lazyConnect: true });
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  async #end(): Promise<void> {
    this.client.disconnect();
    await this.#service[Symbol.asyncDispose]();
  }
}
