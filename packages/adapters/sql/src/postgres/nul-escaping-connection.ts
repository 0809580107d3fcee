import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';

/**
 * Texts of PostgreSQL cannot hold the character NUL, which values of tags may. It is kept as two characters, and so is
 * the one that begins such a pair: order and equality stay as they are, and documents in JSON have neither.
 */
export class NulEscapingConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, ...others } = await this.#connection.executeQuery<R>({
      ...query,
      parameters: query.parameters.map(escaped),
    });
    return { ...others, rows: rows.map(rowUnescaped) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

const escape = '\u0001';
const escapedEscape = '\u0001\u0002';
const escapedNul = '\u0001\u0001';

function escaped(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replaceAll(escape, escapedEscape).replaceAll('\0', escapedNul);
}

function unescaped(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replaceAll(escapedNul, '\0').replaceAll(escapedEscape, escape);
}

function rowUnescaped<R>(row: R): R {
  const columns = Object.entries(row as Record<string, unknown>);
  if (!columns.some(([, value]) => typeof value === 'string' && value.includes(escape))) return row;
  return Object.fromEntries(columns.map(([name, value]) => [name, unescaped(value)])) as R;
}
