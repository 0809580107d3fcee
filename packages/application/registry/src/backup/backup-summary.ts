import { type UtcTimestamp, isDigest } from '@holdfast/domain';
import type { SpooledFacts } from '@holdfast/storage';
import { backupError, damagedBackup } from './backup-error.ts';
import { readableFormats } from './backup-layout.ts';

/** Whether a backup has the objects' bytes, or only says which are needed. */
export type BackupContents = 'registry and objects' | 'registry';

/** The first file of a backup: what else is in it. */
export interface BackupSummary {
  readonly format: string;
  readonly contents: BackupContents;
  readonly created: UtcTimestamp;
  /** The registry that it was made of. */
  readonly registryId: string;
  /** Its generations, oldest first; absent in backups of before there were any. */
  readonly generations?: readonly string[];
  readonly modelCount: number;
  readonly versionCount: number;
  readonly aliasCount: number;
  /** How many records there are of each kind that has some; absent in backups of before there were any. */
  readonly recordCounts?: Readonly<Record<string, number>>;
  /** Every object that a version or record needs. */
  readonly objectCount: number;
  readonly objectBytes: number;
  /** Those of the objects that could not be read and are not in it, as `objects.jsonl` says. */
  readonly damagedCount: number;
  readonly files: { readonly records: SpooledFacts; readonly objects: SpooledFacts };
}

/** Prints a summary for people to read. */
export function printBackupSummary(summary: BackupSummary): Uint8Array {
  return Buffer.from(`${JSON.stringify(summary, undefined, 2)}\n`);
}

/**
 * Reads what {@link printBackupSummary} printed.
 *
 * @throws StorageError `unsupported` when it is of another format, `corrupt` when it is none.
 */
export function parseBackupSummary(bytes: Uint8Array): BackupSummary {
  const value = parseJson(Buffer.from(bytes).toString('utf8'));
  const format = value?.['format'];
  if (
    typeof format === 'string' &&
    /^holdfast-backup-\d+$/.test(format) &&
    !readableFormats.includes(format)
  ) {
    throw backupError(
      'unsupported',
      `The backup is of the form ${format}, and this program reads ${readableFormats.join(' and ')}.`,
      {
        hint: 'Restore it with the newer version of Holdfast that made it.',
      },
    );
  }
  if (value === undefined || !readableFormats.includes(String(format)) || !isSummary(value))
    throw damagedBackup('its summary is not one that holdfast wrote');
  return value as unknown as BackupSummary;
}

function isSummary(value: Readonly<Record<string, unknown>>): boolean {
  const counts = ['modelCount', 'versionCount', 'aliasCount', 'objectCount', 'objectBytes', 'damagedCount'];
  const { files, contents, created, registryId, generations = [], recordCounts = {} } = value;
  return (
    (contents === 'registry' || contents === 'registry and objects') &&
    typeof created === 'string' &&
    typeof registryId === 'string' &&
    Array.isArray(generations) &&
    generations.every((generation) => typeof generation === 'string') &&
    counts.every((name) => isSize(value[name])) &&
    isRecord(recordCounts) &&
    Object.values(recordCounts).every(isSize) &&
    isRecord(files) &&
    areFacts(files['records']) &&
    areFacts(files['objects'])
  );
}

function areFacts(value: unknown): boolean {
  return isRecord(value) && isSize(value['sizeBytes']) && isDigest(String(value['digest']));
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
