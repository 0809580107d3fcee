import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { KeyRange } from './key-range.ts';
import { type ListedRow, listedColumns } from './listed-row.ts';
import { type ObjectRecord, recordChecksum } from './object-record.ts';

/** A record with its bytes, where they lie in the index. */
export interface FoundObject {
  readonly record: ObjectRecord;
  /** The bytes of an inline object. */
  readonly body: Uint8Array | undefined;
}

/** A record that may be damaged. */
export interface PeekedRecord {
  readonly record: ObjectRecord;
  /** Whether it matches its checksum; if not, no field of it can be relied on. */
  readonly isIntact: boolean;
}

interface Row extends ObjectRecord {
  readonly rowChecksum: string;
  readonly body?: Uint8Array | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS objects (
    key TEXT NOT NULL PRIMARY KEY,
    etag TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT,
    metadata TEXT NOT NULL,
    modified_ms INTEGER NOT NULL,
    data_id TEXT UNIQUE,
    row_checksum TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bodies (
    key TEXT NOT NULL PRIMARY KEY REFERENCES objects (key) ON DELETE CASCADE,
    body BLOB NOT NULL
  ) STRICT;
`;

const columns = `objects.key AS key, etag, size_bytes AS sizeBytes, sha256, content_type AS contentType,
  metadata, modified_ms AS modifiedMs, data_id AS dataId, row_checksum AS rowChecksum`;

/**
 * The index of a store: one row an object, in the order of the keys' UTF-8 bytes, and the bytes of small objects.
 * Every method is one call into SQLite; {@link IndexWriter} makes transactions of them.
 */
export class ObjectIndex implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens the index, and makes it where it is missing. */
  constructor(path: string, options: { readonly areCommitsSynced: boolean }) {
    this.#database = new DatabaseSync(path, { timeout: 0 });
    try {
      this.#database.exec(
        `PRAGMA synchronous = ${options.areCommitsSynced ? 'FULL' : 'NORMAL'}; PRAGMA foreign_keys = ON;`,
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Makes what a new index needs; nothing when it is there. */
  prepare(): void {
    this.#database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
  }

  /** Brings every commit into the synced database file; answers whether all of them are there. */
  checkpoint(): boolean {
    const result = this.#database.prepare('PRAGMA wal_checkpoint(FULL)').get() as unknown as {
      readonly busy: number;
    };
    return result.busy === 0;
  }

  /** Lets several readings see one state. */
  snapshot<T>(read: () => T): T {
    this.#database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  begin(): void {
    this.#database.exec('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.#database.exec('COMMIT');
  }

  rollback(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  /** A record as it stands there, damaged or not. */
  peek(key: string): PeekedRecord | undefined {
    const row = this.#statement(`SELECT ${columns} FROM objects WHERE key = ?`).get(key) as unknown as
      | Row
      | undefined;
    return row === undefined ? undefined : { record: row, isIntact: recordChecksum(row) === row.rowChecksum };
  }

  /** @throws StorageError `corrupt` when the record does not match its checksum. */
  find(key: string): ObjectRecord | undefined {
    const peeked = this.peek(key);
    if (peeked?.isIntact === false) throw damaged(key);
    return peeked?.record;
  }

  /** @throws StorageError `corrupt` when the record does not match its checksum. */
  findWithBody(key: string): FoundObject | undefined {
    const sql = `SELECT ${columns}, body FROM objects LEFT JOIN bodies ON bodies.key = objects.key WHERE objects.key = ?`;
    const row = this.#statement(sql).get(key) as unknown as Row | undefined;
    if (row === undefined) return undefined;
    if (recordChecksum(row) !== row.rowChecksum) throw damaged(key);
    return { record: row, body: row.body ?? undefined };
  }

  /** The next records of a range, in order; their checksums are not looked at. */
  page(range: KeyRange, limit: number): readonly ObjectRecord[] {
    const { sql, bounds } = selectRange(columns, range);
    return this.#statement(sql).all(...bounds, limit) as unknown as ObjectRecord[];
  }

  /** As {@link ObjectIndex.page}, and only what a listing shows. */
  listedPage(range: KeyRange, limit: number): readonly ListedRow[] {
    const { sql, bounds } = selectRange(listedColumns, range);
    const statement = this.#statement(sql);
    statement.setReturnArrays(true);
    return statement.all(...bounds, limit) as unknown as ListedRow[];
  }

  /** Whether any record refers to a data file. */
  refersTo(dataId: string): boolean {
    return this.#statement('SELECT 1 FROM objects WHERE data_id = ?').get(dataId) !== undefined;
  }

  /** What SQLite finds wrong with the database itself. */
  integrityProblems(): readonly string[] {
    const rows = this.#database.prepare('PRAGMA integrity_check').all() as unknown as {
      readonly integrity_check: string;
    }[];
    return rows.map((row) => row.integrity_check).filter((message) => message !== 'ok');
  }

  /** Writes through a write-ahead log, so that readers and a writer do not wait for each other. */
  keepLog(): void {
    this.#database.exec('PRAGMA journal_mode = WAL');
  }

  /** Gives up the write-ahead log, so that the database is one file. */
  leaveLog(): void {
    this.#database.exec('PRAGMA journal_mode = DELETE');
  }

  /** Writes a copy of the whole index to a new file. */
  copyTo(path: string): void {
    this.#database.prepare('VACUUM INTO ?').run(path);
  }

  /** Writes the record of a key that has none, with its bytes if they are inline. */
  insert(record: ObjectRecord, body: Uint8Array | undefined): void {
    const { key, etag, sizeBytes, sha256, contentType, metadata, modifiedMs, dataId } = record;
    this.#statement(
      `INSERT INTO objects (key, etag, size_bytes, sha256, content_type, metadata, modified_ms, data_id, row_checksum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(key, etag, sizeBytes, sha256, contentType, metadata, modifiedMs, dataId, recordChecksum(record));
    if (body !== undefined) this.#statement('INSERT INTO bodies (key, body) VALUES (?, ?)').run(key, body);
  }

  remove(key: string): void {
    this.#statement('DELETE FROM objects WHERE key = ?').run(key);
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function selectRange(
  columnsOfRow: string,
  range: KeyRange,
): { readonly sql: string; readonly bounds: readonly string[] } {
  const lower = range.isFromIncluded ? 'key >= ?' : 'key > ?';
  const upper = range.before === undefined ? '' : 'AND key < ?';
  return {
    sql: `SELECT ${columnsOfRow} FROM objects WHERE ${lower} ${upper} ORDER BY key LIMIT ?`,
    bounds: range.before === undefined ? [range.from] : [range.from, range.before],
  };
}

function damaged(key: string): StorageError {
  return new StorageError({
    code: 'corrupt',
    operation: 'read the index',
    backend: StorageBackend.LocalFilesystem,
    key,
    message: `The record of ${JSON.stringify(key)} does not match its checksum: the index is damaged.`,
    hint: 'Put the object again, or restore the store from a backup.',
  });
}
