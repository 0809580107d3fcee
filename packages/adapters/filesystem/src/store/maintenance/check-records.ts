import { hash } from 'node:crypto';
import { retryWhileBusy } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';
import { type Cancellable, type RecordDamage, throwIfCancelled } from '@holdfast/ports';
import { eventLoopTurn } from '../event-loop-turn.ts';
import { keyRange } from '../key-range.ts';
import type { ObjectRecord } from '../object-record.ts';
import type { ObjectStore } from '../object-store.ts';

const pageSize = 500;

/** Checks the database, then every record against its checksum and its bytes: hashed where they are inline, else by size. */
export async function* checkRecords(
  store: ObjectStore,
  options: Cancellable & { readonly busyTimeoutMs: number },
): AsyncIterable<RecordDamage> {
  const { index } = store;
  for (const reason of await retryWhileBusy(() => index.integrityProblems(), options)) {
    yield { key: undefined, reason: `the index is damaged: ${reason}` };
  }
  let after: string | undefined;
  for (;;) {
    throwIfCancelled(options.signal, { operation: 'verify', backend: StorageBackend.LocalFilesystem });
    await eventLoopTurn();
    const range = keyRange('', after);
    const records = await retryWhileBusy(() => index.page(range, pageSize), options);
    for (const record of records) {
      const reason = await whyDamaged(store, record);
      if (reason !== undefined) yield { key: record.key, reason };
    }
    after = records.at(-1)?.key;
    if (after === undefined) return;
  }
}

async function whyDamaged(store: ObjectStore, listed: ObjectRecord): Promise<string | undefined> {
  const peeked = store.index.peek(listed.key);
  if (peeked === undefined) return undefined;
  if (!peeked.isIntact) return 'its record does not match its checksum';
  const { record } = peeked;
  if (record.dataId === null) return whyBodyDamaged(store, record);
  const sizeBytes = await store.data.sizeOf(record.dataId);
  if (sizeBytes === record.sizeBytes || store.index.peek(record.key)?.record.etag !== record.etag)
    return undefined;
  return sizeBytes === undefined
    ? 'its data file is missing'
    : `its data file has ${sizeBytes} bytes, not ${record.sizeBytes}`;
}

function whyBodyDamaged(store: ObjectStore, record: ObjectRecord): string | undefined {
  const body = store.index.findWithBody(record.key)?.body;
  if (body === undefined) return 'its bytes are missing from the index';
  return hash('sha256', body, 'hex') === record.sha256
    ? undefined
    : 'its bytes in the index do not match its digest';
}
