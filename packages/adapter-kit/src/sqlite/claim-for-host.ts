import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StorageBackend } from '@holdfast/domain';
import { isTaken, isWithoutLinks, syncFolderAtOnce, undefinedIfMissing } from '@holdfast/files';
import { StorageError } from '@holdfast/ports';
import type { SqliteAccess } from './choose-sqlite-access.ts';
import { FolderMedium } from './folder-medium.ts';
import { type HostIdentity, hostIdentity } from './host-identity.ts';
import { busyError } from './sqlite-result-code.ts';

export interface ClaimOptions {
  readonly medium: FolderMedium;
  readonly access: SqliteAccess;
  readonly backend: StorageBackend;
}

/**
 * Makes sure that a database in a network folder is used by one host only. The first one is recorded in
 * `<database>-host` beside the file, for good; all processes of that host may use the database.
 *
 * A record is heeded on every medium: the machine that serves a network folder sees it as a disk of its own.
 *
 * @returns the medium to go by: that of a recorded database is always the network.
 * @throws StorageError `locked` when another host is recorded, `invalid-configuration` when the record cannot be read,
 *   and what SQLite throws when it is busy while the record is being written.
 */
export function claimForHost(path: string, options: ClaimOptions): FolderMedium {
  const record = readRecord(path, options);
  if (record !== undefined) {
    if (record.id !== hostIdentity().id) throw foreignHost(path, { record, options });
    return FolderMedium.Network;
  }
  if (options.medium === FolderMedium.Local || options.access !== 'read-write') return options.medium;
  writeRecord(hostRecordOf(path));
  return claimForHost(path, options);
}

/** Where the host of a database is recorded. */
function hostRecordOf(path: string): string {
  return `${path}-host`;
}

function readRecord(path: string, { backend }: ClaimOptions): HostIdentity | undefined {
  const text = readIfThere(hostRecordOf(path));
  if (text === undefined) return undefined;
  if (text === '') throw busyError(`${hostRecordOf(path)} is being written`);
  try {
    const { id, name } = JSON.parse(text) as Partial<HostIdentity>;
    if (typeof id === 'string' && typeof name === 'string') return { id, name };
  } catch {
    // What is no JSON names no host either.
  }
  throw new StorageError({
    code: 'invalid-configuration',
    operation: 'open',
    backend,
    message: `${hostRecordOf(path)} does not say which host uses the database.`,
    hint: 'Remove it when no other host has the database open.',
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

/** Whole or not at all where the file system has hard links; of several writers the first one wins. */
function writeRecord(recordPath: string): void {
  const text = `${JSON.stringify(hostIdentity(), undefined, 2)}\n`;
  const temporary = `${recordPath}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', flush: true });
    linkSync(temporary, recordPath);
  } catch (error) {
    if (isTaken(error)) return;
    if (!isWithoutLinks(error)) throw error;
    writeWhereLinksAreMissing(recordPath, text);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolderAtOnce(dirname(recordPath));
}

function writeWhereLinksAreMissing(recordPath: string, text: string): void {
  try {
    writeFileSync(recordPath, text, { flag: 'wx', flush: true });
  } catch (error) {
    if (isTaken(error)) return;
    rmSync(recordPath, { force: true });
    throw error;
  }
}

function foreignHost(
  path: string,
  { record, options }: { readonly record: HostIdentity; readonly options: ClaimOptions },
): StorageError {
  return new StorageError({
    code: 'locked',
    operation: 'open',
    backend: options.backend,
    message: `${path} is used by the host ${record.name}, and this is ${hostIdentity().name}: file locks do not hold between machines.`,
    hint:
      'Buckets are for what several machines share: use S3, Azure or GCS. ' +
      `If ${record.name} is gone for good, remove ${hostRecordOf(path)}.`,
  });
}
