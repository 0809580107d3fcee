import type { FolderMedium, SqliteFile } from '@holdfast/adapter-kit';
import { Kysely } from 'kysely';
import type { SqliteLocation } from '../parse-registry-url.ts';
import { openSqliteDatabase } from './open-sqlite-database.ts';
import { SqliteConnection, type SqliteConnectionOptions } from './sqlite-connection.ts';
import { type SqliteBegin, SqliteDialect } from './sqlite-dialect.ts';

/** An open database, and how it was opened. */
export interface OpenedSqlite {
  readonly file: SqliteFile;
  readonly location: SqliteLocation;
  /** Whether there can be one connection only: the database is in memory, or its disk is full. */
  readonly isAlone: boolean;
  readonly medium: FolderMedium | undefined;
}

/**
 * The connections to one database: one that reads the committed state, and others, opened when first needed, for
 * transactions that write and that read. Where there can be one only, it is all of them.
 */
export class SqliteConnections<Schema> implements Disposable {
  readonly reader: Kysely<Schema>;
  readonly #opened: OpenedSqlite;
  readonly #options: SqliteConnectionOptions;
  readonly #files: SqliteFile[];
  #writer: Promise<Kysely<Schema>> | undefined;
  #snapshots: Promise<Kysely<Schema>> | undefined;

  constructor(opened: OpenedSqlite, options: SqliteConnectionOptions) {
    this.#opened = opened;
    this.#options = options;
    this.#files = [opened.file];
    this.reader = this.#kyselyOf(opened.file, this.readOnly ? 'begin' : 'begin immediate');
  }

  get location(): SqliteLocation {
    return this.#opened.location;
  }

  get readOnly(): boolean {
    return this.#opened.file.access !== 'read-write';
  }

  get isAlone(): boolean {
    return this.#opened.isAlone;
  }

  /** The connection on which writers take turns. */
  async writer(): Promise<Kysely<Schema>> {
    if (this.readOnly || this.isAlone) return this.reader;
    this.#writer ??= this.#another('begin immediate').catch((error: unknown) => {
      this.#writer = undefined;
      throw error;
    });
    return this.#writer;
  }

  /** The connection on which transactions that only read take turns. */
  async snapshots(): Promise<Kysely<Schema>> {
    if (this.isAlone) return this.reader;
    this.#snapshots ??= this.#another('begin').catch((error: unknown) => {
      this.#snapshots = undefined;
      throw error;
    });
    return this.#snapshots;
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.splice(0)) file[Symbol.dispose]();
  }

  async #another(begin: SqliteBegin): Promise<Kysely<Schema>> {
    const { location, medium, file: first } = this.#opened;
    const { file } = await openSqliteDatabase(location, first.access, { ...this.#options, medium });
    this.#files.push(file);
    return this.#kyselyOf(file, begin);
  }

  #kyselyOf(file: SqliteFile, begin: SqliteBegin): Kysely<Schema> {
    return new Kysely({ dialect: new SqliteDialect(new SqliteConnection(file, this.#options), begin) });
  }
}
