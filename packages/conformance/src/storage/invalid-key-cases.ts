import type { ObjectKey } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import type { CaseContext } from './case-context.ts';
import { expectFailure } from './expect-failure.ts';
import { invalidKeys } from './key-cases.ts';
import { listKeys, listPages } from './list-objects.ts';
import { objectKey, putSample } from './put-sample.ts';
import { type StorageCase, type UngroupedStorageCase, inGroup } from './storage-case.ts';

type Attempt = (adapter: StorageAdapter, key: ObjectKey) => Promise<unknown>;

const present = objectKey('present');
const bytes = new Uint8Array([1, 2, 3]);

const attempts: Readonly<Record<string, Attempt>> = {
  put: (adapter, key) => adapter.put(key, bytes),
  get: (adapter, key) => adapter.get(key),
  head: (adapter, key) => adapter.head(key),
  delete: (adapter, key) => adapter.delete([{ key: present }, { key }]),
  copy: (adapter, key) => adapter.copy(present, key),
};

/** Keys that break a rule: refused by every operation, before anything happens. */
export const invalidKeyCases: readonly StorageCase[] = inGroup('keys', [
  ...Object.entries(attempts).map(([operation, attempt]): UngroupedStorageCase => ({
    name: `refuses an invalid key: ${operation}`,
    run: (context) => expectRefusals(context, operation, attempt),
  })),
  {
    name: 'refuses an invalid key: copy from it',
    run: (context) => expectRefusals(context, 'copy', (adapter, key) => adapter.copy(key, present)),
  },
  {
    name: 'refuses an invalid key: put under a late key',
    needs: ['lateKey'],
    run: (context) => expectRefusals(context, 'put', (adapter, key) => adapter.put(() => key, bytes)),
  },
  {
    name: 'refuses an invalid key: transaction',
    needs: ['transactions'],
    run: (context) =>
      expectRefusals(context, 'transaction', async (adapter, key) =>
        adapter.transaction?.([
          { kind: 'delete', key: present },
          { kind: 'put', key, body: bytes },
        ]),
      ),
  },
  {
    name: 'refuses a prefix that no key can begin with',
    run: async ({ adapter }) => {
      await putSample(adapter, present);
      for (const prefix of ['a\u0000', '\n', '\uD800', 'a'.repeat(513)]) {
        await expectFailure(listPages(adapter, { prefix }), 'invalid-key', { adapter, operation: 'list' });
      }
    },
  },
]);

async function expectRefusals({ adapter }: CaseContext, operation: string, attempt: Attempt): Promise<void> {
  const before = await putSample(adapter, present);
  for (const text of invalidKeys) {
    const key = text as ObjectKey;
    await expectFailure(attempt(adapter, key), 'invalid-key', { adapter, operation, key });
  }
  expect(await listKeys(adapter)).toEqual([present]);
  expect(await adapter.head(present)).toMatchObject({ etag: before.etag });
}
