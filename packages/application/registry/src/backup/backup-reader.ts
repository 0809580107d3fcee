import { createHash } from 'node:crypto';
import { type Digest, type RegistryRecord, digestHex, digestOfHex, contentKey } from '@holdfast/domain';
import { Spool, type SpooledFacts } from '@holdfast/storage';
import { damagedBackup } from './backup-error.ts';
import { backupFiles } from './backup-layout.ts';
import { type BackupObject, parseBackupObjects } from './backup-object.ts';
import { type BackupSummary, parseBackupSummary } from './backup-summary.ts';
import { ByteCursor } from './byte-cursor.ts';
import { readJsonLines } from './json-lines.ts';
import { parseRegistryRecords } from './parse-registry-record.ts';
import { type TarEntry, readTar } from './read-tar.ts';

/** An object of a backup, with its bytes where the backup has them. */
export interface BackupEntry {
  readonly object: BackupObject;
  /** Verified at its end, and to be read to it. A chunk is lent. */
  readonly body?: AsyncIterable<Uint8Array>;
}

/** A summary is a page of text. */
const longestSummaryBytes = 65_536;

/** Reads a backup from its beginning to its end, once, and believes nothing that it cannot check. */
export class BackupReader implements AsyncDisposable {
  readonly summary: BackupSummary;
  readonly #files: AsyncIterator<TarEntry>;
  readonly #parts: AsyncDisposableStack;
  readonly #spools: { readonly records: Spool; readonly objects: Spool };
  readonly #checksums = createHash('sha256');

  private constructor(
    summary: BackupSummary,
    files: AsyncIterator<TarEntry>,
    rest: { readonly parts: AsyncDisposableStack; readonly records: Spool; readonly objects: Spool },
  ) {
    this.summary = summary;
    this.#files = files;
    this.#parts = rest.parts;
    this.#spools = rest;
  }

  /**
   * Reads all that comes before the objects.
   *
   * @throws StorageError `corrupt` when it is no backup or a damaged one, `unsupported` when it is of a newer format.
   */
  static async open(
    chunks: AsyncIterable<Uint8Array>,
    options: { readonly spoolFolder?: string | undefined } = {},
  ): Promise<BackupReader> {
    await using parts = new AsyncDisposableStack();
    const cursor = parts.use(new ByteCursor(chunks));
    const files = readTar(cursor)[Symbol.asyncIterator]();
    const bytes = await readSummary(files);
    const summary = parseBackupSummary(bytes);
    const records = parts.use(await Spool.open(options.spoolFolder));
    const objects = parts.use(await Spool.open(options.spoolFolder));
    const owned = new AsyncDisposableStack();
    const reader = new BackupReader(summary, files, { parts: owned, records, objects });
    reader.#note(digestOf(bytes), backupFiles.summary);
    await reader.#spool(backupFiles.records, records, summary.files.records);
    await reader.#spool(backupFiles.objects, objects, summary.files.objects);
    owned.use(parts.move());
    return reader;
  }

  /** The records of the registry; as often as they are asked for. */
  records(): AsyncIterable<RegistryRecord> {
    return parseRegistryRecords(readJsonLines(this.#spools.records.chunks()));
  }

  /** Every object that a version needs, sorted by digest; as often as they are asked for. */
  objects(): AsyncIterable<BackupObject> {
    return parseBackupObjects(readJsonLines(this.#spools.objects.chunks()));
  }

  /**
   * Every object with its bytes, once. When this ends without an error, the whole backup is as it was written.
   *
   * @throws StorageError `corrupt` naming what is not.
   */
  async *entries(): AsyncIterable<BackupEntry> {
    for await (const object of this.objects()) {
      const isIncluded = this.summary.contents === 'registry and objects' && object.damage === undefined;
      if (!isIncluded) {
        yield { object };
        continue;
      }
      const file = await this.#next(contentKey(object.digest));
      if (file.sizeBytes !== object.sizeBytes)
        throw damagedBackup(
          `${file.name} has ${file.sizeBytes} bytes, and ${object.sizeBytes} are announced`,
        );
      yield { object, body: verified(file, object.digest) };
      this.#note(object.digest, file.name);
    }
    await this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }

  async #end(): Promise<void> {
    const expected = this.#checksums.digest('hex');
    const file = await this.#next(backupFiles.checksums);
    const hash = createHash('sha256');
    for await (const chunk of file.body) hash.update(chunk);
    if (hash.digest('hex') !== expected)
      throw damagedBackup(
        `${backupFiles.checksums} is not the list of what ${backupFiles.summary} and the rest are`,
      );
    const beyond = await this.#files.next();
    if (beyond.done !== true) throw damagedBackup(`${beyond.value.name} does not belong there`);
  }

  async #spool(name: string, spool: Spool, announced: SpooledFacts): Promise<void> {
    const file = await this.#next(name);
    for await (const chunk of file.body) await spool.write(chunk);
    const { sizeBytes, digest } = spool.facts();
    if (sizeBytes !== announced.sizeBytes || digest !== announced.digest)
      throw damagedBackup(`${name} was altered`);
    this.#note(digest, name);
  }

  async #next(name: string): Promise<TarEntry> {
    const next = await this.#files.next();
    if (next.done === true) throw damagedBackup(`${name} is missing`);
    if (next.value.name !== name) throw damagedBackup(`${next.value.name} is in the place of ${name}`);
    return next.value;
  }

  #note(digest: Digest, name: string): void {
    this.#checksums.update(`${digestHex(digest)}  ${name}\n`);
  }
}

async function readSummary(files: AsyncIterator<TarEntry>): Promise<Uint8Array> {
  const first = await files.next();
  if (
    first.done === true ||
    first.value.name !== backupFiles.summary ||
    first.value.sizeBytes > longestSummaryBytes
  )
    throw damagedBackup(`it does not begin with ${backupFiles.summary}, so it may be no backup at all`);
  const chunks: Buffer[] = [];
  for await (const chunk of first.value.body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* verified(file: TarEntry, digest: Digest): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of file.body) {
    hash.update(chunk);
    yield chunk;
  }
  if (digestOfHex(hash.digest('hex')) !== digest)
    throw damagedBackup(`${file.name} holds other bytes than its name says`);
}

function digestOf(bytes: Uint8Array): Digest {
  return digestOfHex(createHash('sha256').update(bytes).digest('hex'));
}
