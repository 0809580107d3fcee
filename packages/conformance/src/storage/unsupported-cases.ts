import type { ByteSource, ListOptions, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectFailure } from './expect-failure.ts';
import { listKeys, listPages } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import {
  type StorageCapabilityName,
  type StorageCase,
  type UngroupedStorageCase,
  inGroup,
} from './storage-case.ts';

const present = objectKey('present');
const absent = objectKey('absent');

interface Attempt {
  readonly operation: string;
  /** Uses what is not declared, on an object that is there and has this etag. */
  readonly use: (adapter: StorageAdapter, etag: string) => Promise<unknown>;
}

const listing = (options: ListOptions): Attempt => ({
  operation: 'list',
  use: (adapter) => listPages(adapter, options),
});

const optionalMethod = (
  operation: 'transaction' | 'presign' | 'localPath',
  use: Attempt['use'],
): Attempt => ({ operation, use });

const attempts: Readonly<Partial<Record<StorageCapabilityName, readonly Attempt[]>>> = {
  createIfAbsent: [{ operation: 'put', use: (adapter) => adapter.put(absent, unread(), { mode: 'create' }) }],
  replaceIfMatch: [
    { operation: 'put', use: (adapter, ifMatch) => adapter.put(present, unread(), { mode: { ifMatch } }) },
  ],
  deleteIfMatch: [
    {
      operation: 'delete',
      use: (adapter, ifMatch) => adapter.delete([{ key: present }, { key: present, ifMatch }]),
    },
  ],
  conditionalCopy: [
    { operation: 'copy', use: (adapter) => adapter.copy(present, absent, { mode: 'create' }) },
    { operation: 'copy', use: (adapter, ifMatch) => adapter.copy(present, present, { mode: { ifMatch } }) },
  ],
  lateKey: [{ operation: 'put', use: (adapter) => adapter.put(() => absent, unread()) }],
  ranges: [
    { operation: 'get', use: (adapter) => adapter.get(present, { range: { offset: 0, length: 1 } }) },
    { operation: 'get', use: (adapter) => adapter.get(present, { range: { offset: 0 } }) },
  ],
  suffixRanges: [{ operation: 'get', use: (adapter) => adapter.get(present, { range: { suffix: 1 } }) }],
  userMetadata: [
    { operation: 'put', use: (adapter) => adapter.put(absent, unread(), { metadata: { a: '1' } }) },
    { operation: 'copy', use: (adapter) => adapter.copy(present, absent, { metadata: { a: '1' } }) },
  ],
  contentType: [
    { operation: 'put', use: (adapter) => adapter.put(absent, unread(), { contentType: 'text/plain' }) },
  ],
  versions: [
    { operation: 'get', use: (adapter) => adapter.get(present, { version: '1' }) },
    { operation: 'head', use: (adapter) => adapter.head(present, { version: '1' }) },
  ],
  delimiters: [listing({ delimiter: '/' })],
  startAfter: [listing({ startAfter: 'a' })],
  presignGet: [
    optionalMethod('presign', async (adapter) =>
      adapter.presign?.(present, { method: 'GET', expiresInSeconds: 60 }),
    ),
  ],
  presignPut: [
    optionalMethod('presign', async (adapter) =>
      adapter.presign?.(absent, { method: 'PUT', expiresInSeconds: 60 }),
    ),
  ],
  transactions: [
    optionalMethod('transaction', async (adapter) =>
      adapter.transaction?.([{ kind: 'put', key: absent, body: unread() }]),
    ),
  ],
  localPath: [optionalMethod('localPath', async (adapter) => adapter.localPath?.(present))],
};

/** What is declared false is refused, before anything is read or written; never dropped. */
export const unsupportedCases: readonly StorageCase[] = inGroup(
  'unsupported',
  (Object.keys(attempts) as StorageCapabilityName[]).map((lacks): UngroupedStorageCase => ({
    name: `refuses what needs ${lacks}, which is not declared, and does nothing`,
    lacks,
    run: async ({ adapter }) => {
      const before = await putSample(adapter, present);
      for (const { operation, use } of attempts[lacks] ?? []) {
        if (isLeftOut(adapter, operation)) continue;
        await expectFailure(use(adapter, before.etag), 'unsupported', { adapter, operation });
      }
      expect(await listKeys(adapter)).toEqual([present]);
      expect(await adapter.head(present)).toEqual(before);
    },
  })),
);

/** An optional method that is not there cannot be called by mistake. */
function isLeftOut(adapter: StorageAdapter, operation: string): boolean {
  return operation in adapter ? false : ['transaction', 'presign', 'localPath'].includes(operation);
}

/** A source that must not be opened. */
function unread(): ByteSource {
  return { open: () => expect.fail('the source was opened'), sizeBytes: 3 };
}
