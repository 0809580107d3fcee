import type { Migration } from './migrations.ts';

/** What is kept in a database, and how its tables came to be. */
export interface SchemaHistory {
  /** What people call it. */
  readonly holder: 'registry' | 'store';
  /** The table that tells which steps were taken. Registry and store have one each, so that they know each other. */
  readonly ledger: string;
  /** Every step, oldest first. */
  readonly migrations: readonly Migration[];
  /** Whether a new one gets an id of its own, in the table `meta`. */
  readonly hasId: boolean;
  /** Whether a file is copied before its tables are changed. */
  readonly isCopied: boolean;
}

/** The statement that makes the table of steps. */
export function ledgerStatement({ ledger }: SchemaHistory): string {
  return `create table ${ledger} (version integer not null primary key, name text not null, applied_at text not null) strict`;
}
