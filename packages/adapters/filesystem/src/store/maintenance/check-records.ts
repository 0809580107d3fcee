import { hash } from 'node:crypto';
import { keyRange, retryWhileBusy } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { type Cancellable, type RecordDamage, throwIfCancelled } from '@holdfast/ports';
import { eventLoopTurn } from '../event-loop-turn.ts';
import type { ObjectRecord } from '../object-record.ts';
import type { ObjectStore } from '../object-store.ts';

const pageSize = 500;

/** Checks the database, then every record against its checksum and its bytes: hashed where they are inline, else by size. */
export async function* checkRecords(
  store: ObjectStore,
  options: Cancellable & { readonly busyTimeoutMs: number },
): AsyncIterable<RecordDamage> {
  const { index } = store;
  const [first, ...others] = await retryWhileBusy(() => index.integrityProblems(), options);
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    yield { key: undefined, reason: `the index is damaged: ${first.replaceAll(/\s+/g, ' ')}${more}` };
  }
  let after: string | undefined;
  for (;;) {
    await eventLoopTurn();
    const range = keyRange('', after);
    const records = await retryWhileBusy(() => index.page(range, pageSize), options);
    for (const record of records) {
      throwIfCancelled(options.signal, { operation: 'verify', backend: StorageBackend.LocalFilesystem });
      const reason = await whyDamaged(store, record, options);
      if (reason !== undefined) yield { key: record.key, reason };
    }
    after = records.at(-1)?.key;
    if (after === undefined) return;
  }
}

async function whyDamaged(
  store: ObjectStore,
  listed: ObjectRecord,
  options: Cancellable & { readonly busyTimeoutMs: number },
): Promise<string | undefined> {
  const peeked = await retryWhileBusy(() => store.index.peek(listed.key), options);
  if (peeked === undefined) return undefined;
  if (!peeked.isIntact) return 'its record does not match its checksum';
  const { record } = peeked;
  if (record.dataId === null) return whyBodyDamaged(store, record, options);
  const sizeBytes = await store.data.sizeOf(record.dataId);
  const isAsRecorded = sizeBytes === record.sizeBytes;
  if (isAsRecorded || store.index.peek(record.key)?.record.etag !== record.etag) return undefined;
  return sizeBytes === undefined
    ? 'its data file is missing'
    : `its data file has ${sizeBytes} bytes, not ${record.sizeBytes}`;
}

async function whyBodyDamaged(
  store: ObjectStore,
  record: ObjectRecord,
  options: Cancellable & { readonly busyTimeoutMs: number },
): Promise<string | undefined> {
  const found = await retryWhileBusy(() => store.index.findWithBody(record.key), options);
  // It was deleted, replaced or moved into a file since.
  if (found?.record.etag !== record.etag || found.record.dataId !== null) return undefined;
  if (found.body === undefined) return 'its bytes are missing from the index';
  return hash('sha256', found.body, 'hex') === record.sha256
    ? undefined
    : 'its bytes in the index do not match its digest';
}
