import { SilenceError } from '@holdfast/adapter-kit';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { ClientBase } from 'pg';
import type { SlowQuery } from '../slow-query.ts';

/** How long a connection waits, and whom it tells. */
export interface PostgresConnectionOptions {
  /** Without an answer for so long, the connection counts as broken. */
  readonly silenceMs: number;
  readonly slowQueryMs: number;
  readonly onSlowQuery?: ((query: SlowQuery) => void) | undefined;
}

/** The answer of `pg` to one statement. */
interface Answer {
  readonly rows: readonly Record<string, unknown>[];
  readonly rowCount: number | null;
  /** What was done, such as `COMMIT`. */
  readonly command: string;
}

/** A connection of kysely over one client of `pg`. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: ClientBase;
  readonly #options: PostgresConnectionOptions;

  constructor(client: ClientBase, options: PostgresConnectionOptions) {
    this.#client = client;
    this.#options = options;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = [...parameters];
    const answer = await this.#timed(sql, () => this.#client.query({ text: sql, values }));
    const { rows, rowCount } = answer as Answer;
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  /** Runs statements without values, as one message. With `waitMs` they wait for others, for so long at most. */
  async run(sql: string, { waitMs }: { readonly waitMs?: number } = {}): Promise<readonly Answer[]> {
    const answer: unknown = await this.#timed(sql, () => this.#client.query(sql), waitMs);
    return Array.isArray(answer) ? (answer as Answer[]) : [answer as Answer];
  }

  async #timed<T>(sql: string, run: () => Promise<T>, waitMs?: number): Promise<T> {
    const { slowQueryMs, onSlowQuery } = this.#options;
    const silenceMs = this.#options.silenceMs + (waitMs ?? 0);
    const startedMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new SilenceError('no answer came', silenceMs)), silenceMs);
    });
    try {
      return await Promise.race([run(), silence]);
    } finally {
      clearTimeout(timer);
      const durationMs = performance.now() - startedMs;
      if (waitMs === undefined && durationMs > slowQueryMs) onSlowQuery?.({ sql, durationMs });
    }
  }
}
