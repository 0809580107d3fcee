import { expect } from 'vitest';
import { cancellationLimitMs } from './cancellation-cases.ts';
import { expectFailure } from './expect-failure.ts';
import { listKeys } from './list-objects.ts';
import { type StorageCase, inGroup } from './storage-case.ts';
import { within } from './within.ts';

/** The room of a store is told by whoever can tell it; nobody makes it up. */
export const spaceCases: readonly StorageCase[] = inGroup('check', [
  {
    name: 'tells room that can be, or none',
    run: async ({ adapter }) => {
      const space = await adapter.space?.();
      if (space === undefined) return;
      const { freeBytes, totalBytes = freeBytes } = space;
      for (const bytes of [freeBytes, totalBytes]) {
        expect(Number.isSafeInteger(bytes), `${bytes} is no number of bytes`).toBe(true);
        expect(bytes).toBeGreaterThanOrEqual(0);
      }
      expect(freeBytes).toBeLessThanOrEqual(totalBytes);
      expect(await listKeys(adapter)).toEqual([]);
    },
  },
  {
    name: 'stops telling its room when it is cancelled',
    run: async ({ adapter }) => {
      if (adapter.space === undefined) return;
      const failed = { adapter, operation: 'space' };
      await expectFailure(adapter.space({ signal: AbortSignal.abort() }), 'cancelled', failed);
      const controller = new AbortController();
      const measuring = adapter.space({ signal: controller.signal });
      controller.abort();
      await within(
        cancellationLimitMs,
        measuring.catch(() => undefined),
      );
    },
  },
]);
