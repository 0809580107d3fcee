import { randomUUID } from 'node:crypto';
import { compareKeys, digestHex, type ObjectKey, StorageBackend } from '@holdfast/domain';
import {
  type DeleteResult,
  type DeleteTarget,
  type ObjectInfo,
  type OperationContext,
  StorageError,
  type WriteMode,
} from '@holdfast/ports';
import type { Kysely } from 'kysely';
import type { ObjectDatabase } from './object-database.ts';
import { type ObjectRecord, recordChecksum, recordColumns, toObjectInfo } from './object-record.ts';
import type { ObjectSchema, ObjectTable } from './object-schema.ts';
import type { StagedBody } from './stage-body.ts';
import { decideWrite, requireState } from './write-condition.ts';

/** A staged body, and the object that it becomes. */
export interface PreparedPut {
  readonly kind: 'put';
  readonly key: ObjectKey;
  readonly mode: WriteMode | undefined;
  readonly body: StagedBody;
  readonly row: ObjectTable;
}

/** A deletion as a part of a transaction: a named state has to be there. */
export interface PreparedDelete extends DeleteTarget {
  readonly kind: 'delete';
}

/** The fields that a writer chooses. */
export interface ObjectDescription {
  readonly mode?: WriteMode | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Makes the row of a new state: its etag is an id of this write, the same one however often it is tried. */
export function preparePut(key: ObjectKey, body: StagedBody, description: ObjectDescription): PreparedPut {
  const record = {
    key,
    etag: randomUUID(),
    size_bytes: body.sizeBytes,
    sha256: digestHex(body.digest),
    content_type: description.contentType ?? null,
    metadata: JSON.stringify(description.metadata ?? {}),
    modified_ms: Date.now(),
    data_id: body.dataId ?? null,
    chunk_bytes: body.chunkBytes,
  };
  const row = { ...record, checksum: recordChecksum(record), bytes: body.bytes ?? null };
  return { kind: 'put', key, mode: description.mode, body, row };
}

/** What a transaction did. */
export interface Written {
  readonly infos: readonly ObjectInfo[];
  /** The bodies that are nobody's now. */
  readonly unused: readonly string[];
}

/**
 * Makes staged bodies visible and deletes objects, all or none: the conditions are decided on rows that are locked.
 * Rows are taken in the order of their keys, so that two transactions never wait for each other.
 */
export async function writeObjects(
  database: ObjectDatabase,
  steps: readonly (PreparedPut | PreparedDelete)[],
  options: { readonly context: OperationContext; readonly signal: AbortSignal | undefined },
): Promise<Written> {
  const { context, signal } = options;
  const sorted = steps.toSorted((one, other) => compareKeys(one.key, other.key));
  const work = async (transaction: Kysely<ObjectSchema>): Promise<readonly string[]> => {
    const unused: string[] = [];
    for (const step of sorted) {
      const named = { ...context, key: step.key };
      const writing = { database, transaction, context: named };
      const present = step.kind === 'put' ? await put(step, writing) : await remove(step, writing);
      if (present !== undefined && present.data_id !== null) unused.push(present.data_id);
    }
    await retire(transaction, unused);
    return unused;
  };
  const unused = await database.write(context, work, { signal });
  return { infos: steps.flatMap((step) => (step.kind === 'put' ? [toObjectInfo(step.row)] : [])), unused };
}

/** Deletes each target on its own, in one transaction: one that is not there is no conflict. */
export async function deleteObjects(
  database: ObjectDatabase,
  targets: readonly DeleteTarget[],
  signal: AbortSignal | undefined,
): Promise<{ readonly results: readonly DeleteResult[]; readonly unused: readonly string[] }> {
  const context = { operation: 'delete', backend: StorageBackend.Database };
  const sorted = [...targets.entries()].toSorted(([, one], [, other]) => compareKeys(one.key, other.key));
  const work = async (transaction: Kysely<ObjectSchema>) => {
    const results: DeleteResult[] = [];
    const unused: string[] = [];
    for (const [index, target] of sorted) {
      const removed = await removeIfThere(target, { transaction, context: { ...context, key: target.key } });
      results[index] = removed.result;
      if (removed.dataId !== undefined) unused.push(removed.dataId);
    }
    await retire(transaction, unused);
    return { results, unused };
  };
  return database.write(context, work, { signal });
}

interface Writing {
  readonly database: ObjectDatabase;
  readonly transaction: Kysely<ObjectSchema>;
  readonly context: OperationContext;
}

/** Answers the record that was replaced. */
async function put(
  { key, mode, body, row }: PreparedPut,
  writing: Writing,
): Promise<ObjectRecord | undefined> {
  const { transaction, context } = writing;
  if (body.dataId !== undefined) await keepBody(body.dataId, writing);
  for (;;) {
    const present = await lockRecord(key, writing);
    decideWrite(present, mode, context);
    if (present !== undefined) {
      await transaction.updateTable('objects').set(row).where('key', '=', key).execute();
      return present;
    }
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('objects')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) return undefined;
  }
}

async function lockRecord(
  key: string,
  { database, transaction }: Writing,
): Promise<ObjectRecord | undefined> {
  const query = transaction.selectFrom('objects').select(recordColumns).where('key', '=', key);
  return (database.hasRowLocks ? query.forUpdate() : query).executeTakeFirst();
}

/** Makes a staged body one that belongs to an object, unless it was collected meanwhile. */
async function keepBody(dataId: string, { transaction, context }: Writing): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('bodies')
    .set({ state: 'stored', owner: null })
    .where('data_id', '=', dataId)
    .where('state', '=', 'staged')
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  throw new StorageError({
    ...context,
    code: 'unavailable',
    retry: 'temporary',
    message:
      'The bytes were removed before they became an object: their writer was taken for one that is gone.',
    hint: 'The connection to the database was lost meanwhile. Put the object again.',
  });
}

async function remove(target: PreparedDelete, writing: Writing): Promise<ObjectRecord | undefined> {
  const present = await lockRecord(target.key, writing);
  if (target.ifMatch !== undefined) requireState(present, target.ifMatch, writing.context);
  await writing.transaction.deleteFrom('objects').where('key', '=', target.key).execute();
  return present;
}

async function removeIfThere(
  { key, ifMatch }: DeleteTarget,
  { transaction, context }: Omit<Writing, 'database'>,
): Promise<{ readonly result: DeleteResult; readonly dataId?: string }> {
  let query = transaction.deleteFrom('objects').where('key', '=', key);
  if (ifMatch !== undefined) query = query.where('etag', '=', ifMatch);
  const removed = await query.returning('data_id').executeTakeFirst();
  if (removed !== undefined) {
    const { data_id: dataId } = removed;
    return { result: { key, outcome: 'deleted' }, ...(dataId === null ? {} : { dataId }) };
  }
  const present =
    ifMatch === undefined
      ? undefined
      : await transaction
          .selectFrom('objects')
          .select(recordColumns)
          .where('key', '=', key)
          .executeTakeFirst();
  if (present === undefined || ifMatch === undefined) return { result: { key, outcome: 'absent' } };
  try {
    requireState(present, ifMatch, context);
  } catch (error) {
    return { result: { key, error: error as StorageError } };
  }
  return removeIfThere({ key, ifMatch }, { transaction, context });
}

async function retire(transaction: Kysely<ObjectSchema>, dataIds: readonly string[]): Promise<void> {
  if (dataIds.length === 0) return;
  await transaction
    .updateTable('bodies')
    .set({ state: 'unused', owner: null })
    .where('data_id', 'in', dataIds)
    .execute();
}
