import {
  DatabaseStorageAdapter,
  type DatabaseStorageOptions,
  type OpenSqlRegistryOptions,
  SqlRegistryStore,
} from '@holdfast/adapter-sql';
import { postgres, type RunningService } from '@holdfast/tooling-services';
import { Client } from 'pg';
import { afterAll } from 'vitest';

/** A running server of PostgreSQL, and schemas in it. */
export class PostgresTestServer {
  readonly #service: RunningService;
  #schemas = 0;

  private constructor(service: RunningService) {
    this.#service = service;
  }

  /** Starts a server for the tests of a file; `undefined` after one loud line when it is missing. */
  static async open(): Promise<PostgresTestServer | undefined> {
    const running = await postgres.open();
    if (running === undefined) return undefined;
    afterAll(() => running[Symbol.asyncDispose]());
    return new PostgresTestServer(running);
  }

  get url(): string {
    return this.#service.address;
  }

  /** The name of a schema that is not there yet. */
  newSchema(): string {
    return `test_${process.pid}_${++this.#schemas}`;
  }

  adapter(options: Partial<DatabaseStorageOptions> & Pick<DatabaseStorageOptions, 'schema'>) {
    return new DatabaseStorageAdapter({ url: this.url, ...options });
  }

  registry(options: Partial<OpenSqlRegistryOptions> & Pick<OpenSqlRegistryOptions, 'schema'>) {
    return SqlRegistryStore.open({ url: this.url, ...options });
  }

  /** Runs statements as nobody of Holdfast. */
  async query(text: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    } finally {
      await client.end();
    }
  }
}
