import type { Migration } from './migrations.ts';
import type { SchemaHistory } from './schema-history.ts';

const initial: Migration = {
  version: 1,
  name: 'initial',
  statements: [
    `create table bodies (
      data_id text not null primary key,
      state text not null check (state in ('staged', 'stored', 'unused')),
      owner text
    ) strict, without rowid`,
    "create index bodies_to_settle on bodies (state, data_id) where state <> 'stored'",
    `create table chunks (
      data_id text not null references bodies (data_id),
      position integer not null,
      bytes blob not null,
      primary key (data_id, position)
    ) strict`,
    `create table objects (
      key text not null primary key,
      etag text not null,
      size_bytes integer not null,
      sha256 text not null,
      content_type text,
      metadata text not null,
      modified_ms integer not null,
      data_id text unique references bodies (data_id),
      chunk_bytes integer not null,
      checksum text not null,
      bytes blob
    ) strict`,
  ],
};

/** The tables of a store of objects. */
export const objectHistory: SchemaHistory = {
  holder: 'store',
  ledger: 'object_migrations',
  migrations: [initial],
  hasId: false,
  isCopied: false,
};
