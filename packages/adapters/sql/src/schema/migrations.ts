import type { FilledField } from '../records/fill-field.ts';
import { recordTableStatements, seriesTableStatements } from './record-tables.ts';

/** One step of the schema. Once released it never changes: the next step is a new entry. */
export interface Migration {
  /** From 1 up, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
  /** Whether every row gets its checksum afterwards. */
  readonly sealsRows?: true;
  /** The field that it fills in, in transactions of its own; it is taken when all records are filled in. */
  readonly fills?: FilledField;
}

const initial: Migration = {
  version: 1,
  name: 'initial',
  statements: [
    'create table meta (key text not null primary key, value text not null) strict, without rowid',
    `create table models (
      id text not null primary key,
      name text not null unique,
      revision integer not null,
      created_at text not null,
      updated_at text not null,
      document text not null,
      summary text not null
    ) strict`,
    'create index models_by_created_at on models (created_at, id)',
    'create index models_by_updated_at on models (updated_at, id)',
    `create table model_tags (
      model_id text not null references models (id) on delete cascade,
      source text not null check (source in ('model', 'latest')),
      key text not null,
      value text not null,
      primary key (model_id, source, key)
    ) strict, without rowid`,
    'create index model_tags_by_value on model_tags (key, value, source, model_id)',
    `create table model_versions (
      id text not null primary key,
      model_id text not null,
      number integer not null check (number >= 1),
      status text not null,
      verdict text not null,
      format text not null,
      digest text not null,
      revision integer not null,
      created_at text not null,
      updated_at text not null,
      document text not null,
      unique (model_id, number)
    ) strict`,
    'create index model_versions_by_verdict on model_versions (verdict, id)',
    'create index model_versions_by_digest on model_versions (digest, id)',
    'create index model_versions_by_created_at on model_versions (created_at, id)',
    'create index model_versions_by_updated_at on model_versions (updated_at, id)',
    `create table version_tags (
      version_id text not null references model_versions (id) on delete cascade,
      key text not null,
      value text not null,
      primary key (version_id, key)
    ) strict, without rowid`,
    'create index version_tags_by_value on version_tags (key, value, version_id)',
    'create table number_counters (name text not null primary key, last integer not null) strict, without rowid',
    `create table aliases (
      model_id text not null,
      name text not null,
      number integer,
      revision integer not null,
      updated_at text not null,
      primary key (model_id, name)
    ) strict, without rowid`,
    `create table alias_moves (
      model_id text not null,
      name text not null,
      revision integer not null,
      from_number integer,
      to_number integer,
      at text not null,
      primary key (model_id, name, revision)
    ) strict, without rowid`,
    'create table leases (id text not null primary key, digest text not null, expires_at text not null) strict, without rowid',
    'create index leases_by_digest on leases (digest, expires_at)',
    `create table object_references (
      version_id text not null,
      digest text not null,
      primary key (version_id, digest)
    ) strict, without rowid`,
    'create index object_references_by_digest on object_references (digest, version_id)',
    `create table object_locations (
      digest text not null,
      store_name text not null,
      key text not null,
      size_bytes integer not null,
      verified_at text not null,
      state text not null check (state in ('verified', 'corrupt')),
      primary key (digest, store_name)
    ) strict, without rowid`,
    'create index object_locations_by_store on object_locations (store_name, digest)',
    'create table condemned_objects (digest text not null primary key) strict, without rowid',
  ],
};

const ownedCondemnations: Migration = {
  version: 2,
  name: 'owned-condemnations',
  statements: [
    "alter table condemned_objects add column owner text not null default ''",
    "alter table condemned_objects add column store_names text not null default '[]'",
  ],
};

const histories: Migration = {
  version: 3,
  name: 'histories',
  statements: [
    'alter table alias_moves add column by_actor text',
    `create table removed_versions (
      model_name text not null,
      number integer not null,
      primary key (model_name, number)
    ) strict, without rowid`,
  ],
};

const fence: Migration = {
  version: 4,
  name: 'fence',
  statements: [
    'create table registry_generations (position integer not null primary key, id text not null unique) strict',
    `create table deletions (
      id text not null primary key,
      started_at text not null,
      is_closed integer not null default 0 check (is_closed in (0, 1))
    ) strict, without rowid`,
    `create table version_reservations (
      version_id text not null primary key,
      name text not null,
      number integer not null check (number >= 1),
      state text not null check (state in ('reserved', 'published', 'condemned', 'removing', 'removed')),
      leased_until text not null
    ) strict, without rowid`,
    'create index version_reservations_by_state on version_reservations (state, version_id)',
    `create table version_manifests (
      store_name text not null,
      key text not null,
      version_id text not null,
      etag text not null,
      primary key (store_name, key)
    ) strict, without rowid`,
    'create index version_manifests_by_version on version_manifests (version_id, store_name, key)',
  ],
};

const storeRetirements: Migration = {
  version: 5,
  name: 'store-retirements',
  statements: [
    `create table store_retirements (
      store_name text not null primary key,
      state text not null check (state in ('retiring', 'retired')),
      since text not null
    ) strict, without rowid`,
  ],
};

const rowChecksums: Migration = {
  version: 6,
  name: 'row-checksums',
  statements: [
    'models',
    'model_versions',
    'number_counters',
    'removed_versions',
    'aliases',
    'alias_moves',
    'object_references',
    'object_locations',
  ].map((table) => `alter table ${table} add column checksum text not null default ''`),
  sealsRows: true,
};

const records: Migration = {
  version: 7,
  name: 'records',
  statements: [
    'alter table object_references rename column version_id to owner',
    ...recordTableStatements({ kind: 'experiment', fields: { name: 'text' }, unique: [['name']] }),
    ...recordTableStatements({
      kind: 'training_run',
      fields: {
        experimentId: 'text',
        parentId: 'text',
        name: 'text',
        status: 'text',
        startedAt: 'text',
        endedAt: 'text',
      },
      unique: [],
    }),
    ...seriesTableStatements('run_metric'),
  ],
};

/** Every step of the registry's schema, oldest first. */
export const migrations: readonly Migration[] = [
  initial,
  ownedCondemnations,
  histories,
  fence,
  storeRetirements,
  rowChecksums,
  records,
];
