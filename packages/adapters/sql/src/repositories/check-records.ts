import { type DamagedRecord, type Digest, parseReferenceOwner } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { recordTableChecks } from '../records/check-record-tables.ts';
import { type FixedTable, sealedTables } from '../schema/sealed-columns.ts';
import type { RegistryDatabase } from '../session/registry-database.ts';
import { sealedPages } from './sealed-pages.ts';
import { isSealed } from './sealed.ts';

type Row = Readonly<Record<string, unknown>>;

const reason = 'its checksum does not match: it was altered outside of Holdfast, or its disk is failing';

/** What is damaged of a registry: what the database finds of itself, then every row whose checksum does not match. */
export async function* checkRecords(database: RegistryDatabase): AsyncIterable<readonly DamagedRecord[]> {
  yield* readable('the database', async function* check() {
    yield (await database.checkIntegrity()).map((line) => ({
      kind: 'database',
      subject: 'the database',
      reason: line,
    }));
  });
  for (const { table, check } of recordTableChecks(database)) yield* readable(`the table ${table}`, check);
  for (const table of sealedTables) {
    yield* readable(`the table ${table}`, async function* check() {
      for await (const page of sealedPages(table, (work) => database.read('checkRecords', work)))
        yield page.filter((row) => !isSealed(table, row)).map((row) => describe[table](row));
    });
  }
}

/** What cannot be read at all is damage too. */
async function* readable(
  subject: string,
  check: () => AsyncIterable<readonly DamagedRecord[]>,
): AsyncIterable<readonly DamagedRecord[]> {
  try {
    yield* check();
  } catch (error) {
    if (!StorageError.isInstance(error, 'corrupt')) throw error;
    yield [{ kind: 'database', subject, reason: error.message }];
  }
}

const describe: Readonly<Record<FixedTable, (row: Row) => DamagedRecord>> = {
  models: (row) => ({
    kind: 'model',
    subject: `model ${text(row, 'name')}`,
    reason,
    modelId: text(row, 'id'),
  }),
  model_versions: (row) => ({
    kind: 'version',
    subject: `version ${text(row, 'number')} of the model ${text(row, 'model_id')}`,
    reason,
    versionId: text(row, 'id'),
    modelId: text(row, 'model_id'),
    number: Number(row['number']),
  }),
  number_counters: (row) => ({
    kind: 'counter',
    subject: `the number counter of ${text(row, 'name')}`,
    reason,
  }),
  removed_versions: (row) => ({
    kind: 'counter',
    subject: `the note that ${text(row, 'model_name')}:${text(row, 'number')} was removed`,
    reason,
  }),
  aliases: (row) => aliasRecord(row, row['number']),
  alias_moves: (row) => aliasRecord(row, row['to_number']),
  object_references: (row) => {
    const owner = parseReferenceOwner(text(row, 'owner'));
    return {
      kind: 'references',
      subject: `what a ${owner.kind} refers to`,
      reason,
      owner,
      ...(owner.kind === 'version' ? { versionId: owner.id } : {}),
      digest: text(row, 'digest') as Digest,
    };
  },
  object_locations: (row) => ({
    kind: 'location',
    subject: `where an object is stored (${text(row, 'store_name')})`,
    reason,
    digest: text(row, 'digest') as Digest,
  }),
};

function aliasRecord(row: Row, number: unknown): DamagedRecord {
  const subject = `the alias ${text(row, 'name')}`;
  return {
    kind: 'alias',
    subject,
    reason,
    modelId: text(row, 'model_id'),
    ...(number === null ? {} : { number: Number(number) }),
  };
}

function text(row: Row, column: string): string {
  return String(row[column]);
}
