import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabaseFile, keyRange, SqliteFile } from '@holdfast/adapter-kit';
import { StorageBackend, contentKey, digestOfHex } from '@holdfast/domain';
import { renamePatiently, syncFolder, undefinedIfMissing } from '@holdfast/files';
import { type Cancellable, type RebuildReport, throwIfCancelled } from '@holdfast/ports';
import { temporaryName } from '../../file/temporary-name.ts';
import { type DataFiles } from '../data-files.ts';
import { ObjectIndex } from '../object-index.ts';
import type { ObjectRecord } from '../object-record.ts';
import { listSnapshots } from './index-snapshots.ts';

const indexFiles = ['index.db', 'index.db-wal', 'index.db-shm', 'index.db-journal'] as const;
const pageSize = 500;

/**
 * Makes a store's index anew: the records of the last readable snapshot whose bytes are there, then a record under
 * its digest for every data file that none of them refers to. The old index is kept beside it under another name.
 */
export async function rebuildIndex(
  root: string,
  data: DataFiles,
  options: Cancellable,
): Promise<RebuildReport> {
  const fresh = join(root, 'tmp', temporaryName(`rebuild${randomUUID().replaceAll('-', '')}`));
  createDatabaseFile(fresh, data.modes.file);
  const index = openPrivately(fresh);
  try {
    index.prepare();
    const { count, lost } = await copySnapshot(root, index, data);
    const fromBytes = await addDataFiles(root, index, options);
    index[Symbol.dispose]();
    await exchange(root, fresh);
    return { fromSnapshot: count, fromBytes, lost };
  } catch (error) {
    index[Symbol.dispose]();
    await unlink(fresh);
    throw error;
  }
}

/** A database that no other process knows of: one file, with a full sync at each commit. */
function openPrivately(path: string): ObjectIndex {
  return new ObjectIndex(
    new SqliteFile(path, { access: 'read-write', settings: 'PRAGMA foreign_keys = ON' }),
  );
}

async function copySnapshot(
  root: string,
  index: ObjectIndex,
  data: DataFiles,
): Promise<{ readonly count: number; readonly lost: readonly string[] }> {
  const lost: string[] = [];
  let count = 0;
  using snapshot = await openSnapshot(root);
  if (snapshot === undefined) return { count, lost };
  let after: string | undefined;
  for (;;) {
    const records = snapshot.page(keyRange('', after), pageSize);
    const usable: { readonly record: ObjectRecord; readonly body: Uint8Array | undefined }[] = [];
    for (const { key } of records) {
      const found = snapshot.peek(key)?.isIntact === true ? snapshot.findWithBody(key) : undefined;
      const isThere = found !== undefined && (await hasBytes(found.record, found.body, data));
      if (isThere) usable.push(found);
      else lost.push(key);
    }
    index.begin();
    for (const { record, body } of usable) index.insert(record, body);
    index.commit();
    count += usable.length;
    after = records.at(-1)?.key;
    if (after === undefined) return { count, lost };
  }
}

async function openSnapshot(root: string): Promise<ObjectIndex | undefined> {
  for (const name of await listSnapshots(root)) {
    const snapshot = openPrivately(join(root, 'snapshots', name));
    if (snapshot.integrityProblems().length === 0) return snapshot;
    snapshot[Symbol.dispose]();
  }
  return undefined;
}

async function hasBytes(
  record: ObjectRecord,
  body: Uint8Array | undefined,
  data: DataFiles,
): Promise<boolean> {
  if (record.dataId === null) return body !== undefined;
  return (await data.sizeOf(record.dataId)) === record.sizeBytes;
}

/** Two files of the same bytes give one record; the collector takes the other file. */
async function addDataFiles(root: string, index: ObjectIndex, options: Cancellable): Promise<number> {
  let count = 0;
  for (const shard of await readdir(join(root, 'data'))) {
    for (const dataId of await readdir(join(root, 'data', shard))) {
      throwIfCancelled(options.signal, { operation: 'rebuild', backend: StorageBackend.LocalFilesystem });
      if (index.refersTo(dataId)) continue;
      const record = await recordOf(join(root, 'data', shard, dataId), dataId);
      if (index.peek(record.key) !== undefined) continue;
      index.insert(record, undefined);
      count++;
    }
  }
  return count;
}

async function recordOf(path: string, dataId: string): Promise<ObjectRecord> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 }))
    digest.update(chunk as Uint8Array);
  const sha256 = digest.digest('hex');
  const { size, mtimeMs } = await stat(path);
  return {
    key: contentKey(digestOfHex(sha256)),
    etag: randomUUID(),
    sizeBytes: size,
    sha256,
    contentType: null,
    metadata: '{}',
    modifiedMs: Math.round(mtimeMs),
    dataId,
  };
}

async function exchange(root: string, fresh: string): Promise<void> {
  const suffix = `.lost-${Date.now()}`;
  for (const name of indexFiles) {
    const aside = join(root, 'snapshots', `${name}${suffix}`);
    await renamePatiently(join(root, name), aside).catch(undefinedIfMissing);
  }
  // A log of the old index that came back after a power cut would be taken for one of the new index.
  await syncFolder(root);
  await renamePatiently(fresh, join(root, 'index.db'));
  await syncFolder(root);
}
