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

function escaped(value: unknown): unknown {
  if (typeof value !== 'string' || !/[\0\u0001]/.test(value)) return value;
  return value.replaceAll('\u0001', '\u0001\u0002').replaceAll('\0', '\u0001\u0001');
}

function unescaped(value: unknown): unknown {
  if (typeof value !== 'string' || !value.includes('\u0001')) return value;
  return value.replaceAll(/\u0001([\u0001\u0002])/g, (_, kind) => (kind === '\u0001' ? '\0' : '\u0001'));
}

function rowUnescaped<R>(row: R): R {
  const columns = Object.entries(row as Record<string, unknown>);
  if (!columns.some(([, value]) => typeof value === 'string' && value.includes('\u0001'))) return row;
  return Object.fromEntries(columns.map(([name, value]) => [name, unescaped(value)])) as R;
}
