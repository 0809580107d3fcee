import { hash, randomBytes } from 'node:crypto';
import type { OperationContext } from '@holdfast/ports';
import { Lazy, SerialQueue } from '@holdfast/work';
import { type Kysely, sql } from 'kysely';
import type { ClientBase } from 'pg';
import type { Presence, Release } from './object-database.ts';
import type { ObjectSchema } from './object-schema.ts';

type Client = ClientBase & { end(): Promise<void> };

/** The session that holds the locks, and the name that it goes by. */
class Session {
  readonly owner: string = randomBytes(16).toString('hex');
  readonly #client: Client;
  /** A client is given one statement at a time. */
  readonly #queue = new SerialQueue();

  constructor(client: Client) {
    this.#client = client;
  }

  async run(statement: keyof typeof statements, key: string): Promise<void> {
    await this.#queue.run(() => this.#client.query(statements[statement], [key]));
  }

  async end(): Promise<void> {
    await this.#client.end().catch(ignore);
  }
}

const statements = {
  lock: 'select pg_advisory_lock($1::bigint)',
  lockShared: 'select pg_advisory_lock_shared($1::bigint)',
  unlockShared: 'select pg_advisory_unlock_shared($1::bigint)',
} as const;

/** How the session is made: a connection of its own. */
export interface PostgresPresenceOptions {
  readonly schema: string;
  /** Connects, with the retries of the store. */
  readonly connect: (context: OperationContext) => Promise<Client>;
}

/**
 * Presence by advisory locks (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS) of one
 * session: the server ends them with the session, however that ends. When the connection is lost, what this process
 * writes or reads may be collected, and its commit or its reading then fails.
 */
export class PostgresPresence implements Presence {
  readonly #options: PostgresPresenceOptions;
  #session: Lazy<Session> = this.#lazySession();

  constructor(options: PostgresPresenceOptions) {
    this.#options = options;
  }

  async owner(context: OperationContext): Promise<string> {
    return (await this.#open(context)).owner;
  }

  async whyGone(database: Kysely<ObjectSchema>, owner: string): Promise<string | undefined> {
    const isGone = await tryLock(database, this.#keyOf('owner', owner));
    return isGone ? 'the session of its writer has ended' : undefined;
  }

  async hold(dataId: string, context: OperationContext): Promise<Release> {
    const session = await this.#open(context);
    const key = this.#keyOf('body', dataId);
    await session.run('lockShared', key);
    let isHeld = true;
    return async () => {
      if (!isHeld) return;
      isHeld = false;
      // A session that has ended has let go already.
      await session.run('unlockShared', key).catch(ignore);
    };
  }

  isFree(database: Kysely<ObjectSchema>, dataId: string): Promise<boolean> {
    return tryLock(database, this.#keyOf('body', dataId));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.end((session) => session.end()).catch(ignore);
  }

  #context: OperationContext | undefined;

  #open(context: OperationContext): Promise<Session> {
    this.#context = context;
    return this.#session.get();
  }

  #lazySession(): Lazy<Session> {
    const lazy: Lazy<Session> = new Lazy(async () => {
      const client = await this.#options.connect(this.#context ?? { operation: 'open', backend: 'database' });
      const renew = (): void => {
        if (this.#session === lazy) this.#session = this.#lazySession();
      };
      client.on('error', renew);
      client.on('end', renew);
      const session = new Session(client);
      await session.run('lock', this.#keyOf('owner', session.owner));
      return session;
    });
    return lazy;
  }

  /** Locks are numbers, common to all of a database. */
  #keyOf(kind: 'owner' | 'body', id: string): string {
    return hash('sha256', `holdfast ${this.#options.schema} ${kind} ${id}`, 'buffer')
      .readBigInt64BE()
      .toString();
  }
}

async function tryLock(database: Kysely<ObjectSchema>, key: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${key}::bigint) as locked
  `.execute(database);
  return rows[0]?.locked === true;
}

function ignore(): void {}
