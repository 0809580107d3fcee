import { createHash } from 'node:crypto';
import { type Digest, digestHex, digestOfHex, epochMsOf, contentKey } from '@holdfast/domain';
import { type Cancellable, throwIfCancelled } from '@holdfast/ports';
import { type OnProgress, Spool } from '@holdfast/storage';
import { backupFiles } from './backup-layout.ts';
import type { BackupObjectReader } from './backup-object-reader.ts';
import { type BackupObject, parseBackupObjects } from './backup-object.ts';
import { type BackupSummary, printBackupSummary } from './backup-summary.ts';
import { readJsonLines } from './json-lines.ts';
import type { SkippedObject } from './skipped-object.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-header.ts';

interface OpenBackupParts extends Cancellable {
  readonly summary: BackupSummary;
  readonly skipped: readonly SkippedObject[];
  readonly warnings: readonly string[];
  readonly records: Spool;
  readonly objects: Spool;
  readonly reader: BackupObjectReader;
  readonly onProgress: OnProgress | undefined;
  /** What the backup holds and ends with it. */
  readonly parts: AsyncDisposableStack;
  readonly spoolFolder: string | undefined;
}

/** A backup that was begun: what is in it is decided, and its bytes are to be asked for. Dispose it afterwards. */
export class OpenBackup implements AsyncDisposable {
  readonly summary: BackupSummary;
  /** Objects that are left out because they are damaged. */
  readonly skipped: readonly SkippedObject[];
  /** What a careful user should know. */
  readonly warnings: readonly string[];
  readonly #parts: OpenBackupParts;
  #doneBytes = 0;

  constructor(parts: OpenBackupParts) {
    this.summary = parts.summary;
    this.skipped = parts.skipped;
    this.warnings = parts.warnings;
    this.#parts = parts;
  }

  /**
   * The bytes of the archive, once. Every object is verified while it passes: only when this ends without an error is
   * the backup whole. A chunk is lent.
   *
   * @throws StorageError `checksum-mismatch`, `size-mismatch`, `corrupt` or `not-found` naming the versions that need a
   *   damaged object; `cancelled`.
   */
  async *chunks(): AsyncIterable<Uint8Array> {
    const { summary, records, objects, spoolFolder } = this.#parts;
    await using checksums = await Spool.open(spoolFolder);
    const list = (digest: Digest, name: string): Promise<void> =>
      checksums.write(`${digestHex(digest)}  ${name}\n`);
    const summaryBytes = printBackupSummary(summary);
    await list(digestOfHex(createHash('sha256').update(summaryBytes).digest('hex')), backupFiles.summary);
    yield* this.#file(backupFiles.summary, summaryBytes.byteLength, [summaryBytes]);
    await list(summary.files.records.digest, backupFiles.records);
    yield* this.#file(backupFiles.records, summary.files.records.sizeBytes, records.chunks());
    await list(summary.files.objects.digest, backupFiles.objects);
    yield* this.#file(backupFiles.objects, summary.files.objects.sizeBytes, objects.chunks());
    for await (const object of this.#includedObjects()) {
      yield* this.#file(contentKey(object.digest), object.sizeBytes, this.#read(object));
      await list(object.digest, contentKey(object.digest));
    }
    yield* this.#file(backupFiles.checksums, checksums.facts().sizeBytes, checksums.chunks());
    yield tarEnd();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.parts[Symbol.asyncDispose]();
  }

  async *#includedObjects(): AsyncIterable<BackupObject> {
    const { summary, objects } = this.#parts;
    if (summary.contents === 'registry') return;
    for await (const object of parseBackupObjects(readJsonLines(objects.chunks()))) {
      const isLeftOut = summary.damagedCount > 0 && object.damage !== undefined;
      if (!isLeftOut) yield object;
    }
  }

  async *#read(object: BackupObject): AsyncIterable<Uint8Array> {
    const { reader, onProgress, summary } = this.#parts;
    for await (const chunk of reader.read(object)) {
      yield chunk;
      this.#doneBytes += chunk.byteLength;
      onProgress?.({ phase: 'read', bytes: this.#doneBytes, totalBytes: summary.objectBytes });
    }
  }

  async *#file(
    name: string,
    sizeBytes: number,
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): AsyncIterable<Uint8Array> {
    const modifiedSeconds = Math.floor(epochMsOf(this.summary.created) / 1000);
    throwIfCancelled(this.#parts.signal, { operation: 'backup' });
    yield tarHeader({ name, sizeBytes, modifiedSeconds });
    yield* chunks;
    yield tarPadding(sizeBytes);
  }
}
