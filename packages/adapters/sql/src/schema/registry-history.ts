import { migrations } from './migrations.ts';
import type { SchemaHistory } from './schema-history.ts';

/** The tables of the registry. */
export const registryHistory: SchemaHistory = {
  holder: 'registry',
  ledger: 'schema_migrations',
  migrations,
  hasId: true,
  isCopied: true,
};
