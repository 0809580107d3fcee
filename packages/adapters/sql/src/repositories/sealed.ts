import { hash } from 'node:crypto';
import { StorageBackend } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { type SealedTable, sealedColumns } from '../schema/sealed-columns.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row with the checksum of its columns: what was not written by Holdfast, or was altered since, has another. */
export function sealed<R extends object>(table: SealedTable, row: R): R & { readonly checksum: string } {
  return { ...row, checksum: checksumOf(table, row as Row) };
}

/** Whether a row is as it was written. */
export function isSealed(table: SealedTable, row: object): boolean {
  return (row as Row)['checksum'] === checksumOf(table, row as Row);
}

/**
 * Checks that a row is as it was written, before another one is made of it: a damaged one would get a good checksum.
 *
 * @throws StorageError `corrupt`.
 */
export function assertSealed(table: SealedTable, row: object | undefined): void {
  if (row === undefined || isSealed(table, row)) return;
  const key = sealedColumns(table)
    .key.map((column) => String((row as Row)[column]))
    .join(' ');
  throw new StorageError({
    code: 'corrupt',
    operation: 'change',
    backend: StorageBackend.Database,
    key,
    message: `The registry's record ${key} (${table}) is not as it was written.`,
    hint: 'See what is damaged: holdfast verify. It says what can be repaired, and how.',
  });
}

/** The first 128 bits of a SHA-256: for damage, not against those who may write to the database. */
function checksumOf(table: SealedTable, row: Row): string {
  const { key, others } = sealedColumns(table);
  const values = [...key, ...others].map((column) => row[column] ?? null);
  return hash('sha256', JSON.stringify([table, ...values]), 'hex').slice(0, 32);
}
