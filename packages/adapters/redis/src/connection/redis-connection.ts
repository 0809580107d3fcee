import type { Redis, RedisOptions } from 'ioredis';
import type { RedisCredentials } from '../redis-storage-options.ts';
import { notConnected } from '../to-storage-error.ts';
import type { RedisAddress } from './redis-address.ts';

/** A command and its arguments. */
export type RedisCommand = readonly [name: string, ...parameters: (string | number | Uint8Array)[]];

/** What a reply is made of. */
export type RedisReply = Buffer | number | null | readonly RedisReply[];

export interface RedisConnectionOptions {
  readonly connectMs: number;
  readonly credentials: (() => Promise<RedisCredentials>) | undefined;
}

/**
 * One connection, which is over when it breaks: whoever tries again takes another one. The client neither connects
 * anew by itself, nor keeps commands for later, nor sends any twice.
 */
export class RedisConnection {
  readonly address: RedisAddress;
  readonly #client: Redis;

  private constructor(address: RedisAddress, client: Redis) {
    this.address = address;
    this.#client = client;
  }

  /** Connects, signs in and chooses the database. */
  static async open(address: RedisAddress, options: RedisConnectionOptions): Promise<RedisConnection> {
    const library = await import('ioredis');
    const client = new library.Redis(clientOptions(address, options.connectMs));
    let broken: unknown;
    client.on('error', (error: unknown) => (broken ??= error));
    const connection = new RedisConnection(address, client);
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
      client.disconnect();
    }, options.connectMs);
    try {
      await client.connect();
      await connection.#enter(address, options.credentials);
      return connection;
    } catch (error) {
      client.disconnect();
      throw notConnected(broken ?? error, { isLate: late.signal.aborted });
    } finally {
      clearTimeout(timer);
    }
  }

  get isOpen(): boolean {
    return this.#client.status === 'ready';
  }

  /** Sends a command and waits for its reply. */
  async send([name, ...parameters]: RedisCommand): Promise<RedisReply> {
    const given = parameters.map((one) => (typeof one === 'object' ? bufferOf(one) : one));
    return (await this.#client.callBuffer(name, ...given)) as RedisReply;
  }

  /** Ends at once; what is under way fails. */
  end(): void {
    this.#client.disconnect();
  }

  async #enter(address: RedisAddress, credentials: RedisConnectionOptions['credentials']): Promise<void> {
    if (credentials !== undefined) {
      const { username, password } = await credentials();
      await this.send(username === undefined ? ['AUTH', password] : ['AUTH', username, password]);
    }
    if (address.database !== 0) await this.send(['SELECT', address.database]);
  }
}

function clientOptions(
  address: RedisAddress,
  connectMs: number,
): RedisOptions & { readonly replyMapping: 'legacy' } {
  return {
    ...('path' in address ? { path: address.path } : { host: address.host, port: address.port }),
    ...('host' in address && address.isEncrypted ? { tls: {} } : {}),
    lazyConnect: true,
    protocol: 2,
    replyMapping: 'legacy',
    connectTimeout: connectMs,
    keepAlive: 30_000,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
