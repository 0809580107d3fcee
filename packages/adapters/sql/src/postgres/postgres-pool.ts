import { SilenceError } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { cancelled } from '@holdfast/ports';
import { Client, type ClientConfig, type CustomTypesConfig, Pool, type PoolClient, types } from 'pg';
import { PostgresConnection } from './postgres-connection.ts';
import type { PostgresPoolOptions } from './postgres-options.ts';
import { leavesConnection } from './to-storage-error.ts';
import { UndoneWork } from './undone-work.ts';

/** `bigint` as a number: everything that is stored as one is a safe integer. */
const typeParsers: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)),
};

/** Connections to one database, each used by one at a time. */
export class PostgresPool implements AsyncDisposable {
  readonly #options: PostgresPoolOptions;
  readonly #pool: Pool;
  readonly #lastUsedMs = new WeakMap<PoolClient, number>();
  #password = '';
  #ending: Promise<void> | undefined;

  constructor(options: PostgresPoolOptions) {
    this.#options = options;
    const { poolSize, idleMs } = options;
    this.#pool = new Pool({
      ...this.#clientOptions(),
      password: async () => this.#password,
      max: poolSize,
      idleTimeoutMillis: idleMs,
      Client: Impatient,
    });
    this.#pool.on('error', ignore);
  }

  /** Makes a connection beside those of the pool. */
  async connect(): Promise<Client> {
    const client = new Impatient({ ...this.#clientOptions(), password: await this.#askPassword() });
    await client.connect();
    return client;
  }

  /**
   * Uses a connection that answers. When the signal is aborted the connection is closed, whatever it was doing;
   * after an error it is closed too, unless that was the server's answer to a statement, or the transaction was undone.
   */
  async use<T>(
    work: (connection: PostgresConnection) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const client = await this.#take(signal);
    let isReleased = false;
    const release = (error?: unknown): void => {
      if (isReleased) return;
      isReleased = true;
      this.#lastUsedMs.set(client, performance.now());
      client.release(error !== undefined && !(error instanceof UndoneWork || leavesConnection(error)));
    };
    const stop = (): void => release(signal?.reason ?? new Error('stopped'));
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const value = await work(this.#connectionOf(client));
      release();
      return value;
    } catch (error) {
      release(error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending ??= this.#pool.end();
    await this.#ending;
  }

  #clientOptions(): ClientConfig & { readonly connectMs: number } {
    const { location, schema, connectMs, statementMs } = this.#options;
    return {
      host: location.host,
      port: location.port,
      database: location.database,
      ssl: location.ssl,
      ...(location.user === undefined ? {} : { user: location.user }),
      application_name: 'holdfast',
      options: `-c search_path=${schema}`,
      statement_timeout: statementMs,
      idle_in_transaction_session_timeout: Math.max(statementMs, 60_000),
      keepAlive: true,
      types: typeParsers,
      connectMs,
    };
  }

  #connectionOf(client: PoolClient): PostgresConnection {
    const { statementMs, slowQueryMs, onSlowQuery } = this.#options;
    return new PostgresConnection(client, { silenceMs: statementMs + 1_000, slowQueryMs, onSlowQuery });
  }

  async #take(signal: AbortSignal | undefined): Promise<PoolClient> {
    for (;;) {
      const client = await this.#connect(signal);
      const lastUsedMs = this.#lastUsedMs.get(client);
      if (lastUsedMs === undefined || performance.now() - lastUsedMs < this.#options.prePingAfterMs) {
        return client;
      }
      if (await this.#answers(client)) return client;
      client.release(true);
    }
  }

  /** Asked for here, since `pg` waits forever when a password cannot be had. */
  async #askPassword(): Promise<string> {
    const { password, location } = this.#options;
    return password === undefined ? (location.password ?? '') : password();
  }

  /** Waits for a connection until the signal says stop; one that comes later is given back. */
  async #connect(signal: AbortSignal | undefined): Promise<PoolClient> {
    if (this.#pool.idleCount === 0) this.#password = await this.#askPassword();
    const connecting = this.#pool.connect();
    if (signal === undefined) return connecting;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        reject(cancelled(signal, { operation: 'connect', backend: StorageBackend.Database }));
        connecting.then((client) => client.release(), ignore);
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      const settled = (): void => signal.removeEventListener('abort', stop);
      connecting.then(resolve, reject).finally(settled);
    });
  }

  async #answers(client: PoolClient): Promise<boolean> {
    const { connectMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new SilenceError('no answer came', connectMs)), connectMs);
    });
    try {
      await Promise.race([client.query('select 1'), silence]);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Limits the time for a connection to stand, not the waiting for one that is free. */
class Impatient extends Client {
  constructor(options: ClientConfig & { readonly connectMs?: number } = {}) {
    // The pool hides the password from those who list its options.
    super({ ...options, password: options.password, connectionTimeoutMillis: options.connectMs });
    this.on('error', ignore);
  }
}

function ignore(): void {}
