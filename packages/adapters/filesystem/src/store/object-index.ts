import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createCopyFile, type KeyRange, type SqliteFile } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
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
  readonly #file: SqliteFile;
  readonly #statements = new Map<string, StatementSync>();
  #preparedFor: DatabaseSync | undefined;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  /** Makes what a new index needs, on the disk when it returns; nothing when it exists. */
  prepare(): void {
    const { database } = this.#file;
    const synchronous = Number(database.prepare('PRAGMA synchronous').get()?.['synchronous']);
    database.exec('PRAGMA synchronous = FULL');
    try {
      this.begin();
      database.exec(schema);
      this.commit();
    } catch (error) {
      this.rollback();
      throw error;
    } finally {
      database.exec(`PRAGMA synchronous = ${synchronous}`);
    }
  }

  /** Brings every commit into the synced database file; answers whether all of them are there. */
  checkpoint(): boolean {
    const result = this.#file.database.prepare('PRAGMA wal_checkpoint(FULL)').get() as unknown as {
      readonly busy: number;
    };
    return result.busy === 0;
  }

  /** Lets several readings see one state. */
  snapshot<T>(read: () => T): T {
    return this.#file.read((database) => {
      database.exec('BEGIN');
      try {
        return read();
      } finally {
        if (database.isTransaction) database.exec('COMMIT');
      }
    });
  }

  /** Takes every lock that the commit will need, so that a commit never has to wait for readers. */
  begin(): void {
    this.#file.database.exec('BEGIN EXCLUSIVE');
  }

  commit(): void {
    this.#file.database.exec('COMMIT');
  }

  rollback(): void {
    if (this.#file.database.isTransaction) this.#file.database.exec('ROLLBACK');
  }

  /** A record as it stands there, damaged or not. */
  peek(key: string): PeekedRecord | undefined {
    const row = this.#row(`SELECT ${columns} FROM objects WHERE key = ?`, key);
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
    const row = this.#row(sql, key);
    if (row === undefined) return undefined;
    if (recordChecksum(row) !== row.rowChecksum) throw damaged(key);
    return { record: row, body: row.body ?? undefined };
  }

  /** The next records of a range, in order; their checksums are not looked at. */
  page(range: KeyRange, limit: number): readonly ObjectRecord[] {
    const { sql, bounds } = selectRange(columns, range);
    return this.#read(sql, (statement) => statement.all(...bounds, limit) as unknown as ObjectRecord[]);
  }

  /** As {@link ObjectIndex.page}, and only what a listing shows. */
  listedPage(range: KeyRange, limit: number): readonly ListedRow[] {
    const { sql, bounds } = selectRange(listedColumns, range);
    return this.#read(sql, (statement) => {
      statement.setReturnArrays(true);
      return statement.all(...bounds, limit) as unknown as ListedRow[];
    });
  }

  /** Whether any record refers to a data file. */
  refersTo(dataId: string): boolean {
    const sql = 'SELECT 1 FROM objects WHERE data_id = ?';
    return this.#read(sql, (statement) => statement.get(dataId) !== undefined);
  }

  /** What SQLite finds wrong with the database itself. */
  integrityProblems(): readonly string[] {
    const rows = this.#read('PRAGMA integrity_check', (statement) => statement.all());
    return rows.map((row) => String(row['integrity_check'])).filter((message) => message !== 'ok');
  }

  /** Writes a copy of the whole index to a new file. */
  copyTo(path: string): void {
    createCopyFile(path, this.#file.database.location() ?? path);
    this.#file.database.prepare('VACUUM INTO ?').run(path);
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
    this.#file[Symbol.dispose]();
  }

  #row(sql: string, key: string): Row | undefined {
    return this.#read(sql, (statement) => statement.get(key) as unknown as Row | undefined);
  }

  #read<T>(sql: string, read: (statement: StatementSync) => T): T {
    return this.#file.read(() => read(this.#statement(sql)));
  }

  #statement(sql: string): StatementSync {
    const { database } = this.#file;
    if (database !== this.#preparedFor) this.#statements.clear();
    this.#preparedFor = database;
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
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
