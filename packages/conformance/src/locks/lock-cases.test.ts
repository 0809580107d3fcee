import type { Lock, LockManager } from '@holdfast/ports';
import { StorageError } from '@holdfast/ports';
import { expect, test } from 'vitest';
import { runLockCase } from './describe-lock-manager.ts';
import { lockCases } from './lock-cases.ts';

/** Gives every lock to every caller, at once: no promise but the simplest can hold. */
class NoLocks implements LockManager {
  async acquire(name: string): Promise<Lock> {
    return { name, lost: new AbortController().signal, [Symbol.asyncDispose]: () => Promise.resolve() };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Refuses everything as locked. */
class OnlyRefusals extends NoLocks {
  override acquire(key: string): Promise<Lock> {
    const details = { code: 'locked', operation: 'acquire', backend: 'local_filesystem', key } as const;
    return Promise.reject(new StorageError(details));
  }
}

test('every case of the kit is broken by managers that keep no promise', async () => {
  for (const one of lockCases) {
    const outcomes = await Promise.allSettled(
      [NoLocks, OnlyRefusals].map((broken) => {
        const place = {
          open: async () => new broken(),
          startHolder: async () => ({ kill: () => Promise.resolve() }),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        };
        return runLockCase(one, { setUp: async () => place, mostLeaseMs: 10 });
      }),
    );
    expect(
      outcomes.some(({ status }) => status === 'rejected'),
      one.name,
    ).toBe(true);
  }
});
