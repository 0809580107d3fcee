import { setTimeout } from 'node:timers/promises';
import type { LockManager } from '@holdfast/ports';
import { expect } from 'vitest';
import { failureOf } from '../failure-of.ts';
import type { LocksUnderTest } from './lock-harness.ts';

/** One promise of lock managers. */
export interface LockCase {
  /** A sentence, unique among all cases, that says what is promised. */
  readonly name: string;
  /** Runs only where another process can hold a lock. */
  readonly needsProcesses?: true;
  readonly run: (context: LockCaseContext) => Promise<void>;
}

/** What a case works with. */
export interface LockCaseContext {
  readonly one: LockManager;
  readonly other: LockManager;
  readonly place: LocksUnderTest;
  readonly mostLeaseMs: number;
}

/** Every promise of the port `LockManager`. */
export const lockCases: readonly LockCase[] = [
  {
    name: 'a lock has one holder at a time, through any manager',
    run: async ({ one, other }) => {
      let holders = 0;
      let mostHolders = 0;
      const work = async (index: number): Promise<void> => {
        await using _lock = await (index % 2 === 0 ? one : other).acquire('shared');
        holders += 1;
        mostHolders = Math.max(mostHolders, holders);
        await setTimeout(1);
        holders -= 1;
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => work(index)));
      expect(mostHolders).toBe(1);
    },
  },
  {
    name: 'a lock that is held is refused as locked at once, when no waiting is asked for',
    run: async ({ one, other }) => {
      await using _lock = await one.acquire('busy');
      for (const locks of [one, other])
        expect(await failureOf(locks.acquire('busy', { waitMs: 0 }))).toMatchObject({
          code: 'locked',
          key: 'busy',
        });
    },
  },
  {
    name: 'a lock that stays held is refused as locked after the time that was asked for',
    run: async ({ one, other }) => {
      await using _lock = await one.acquire('busy');
      const begin = performance.now();
      expect((await failureOf(other.acquire('busy', { waitMs: 60 }))).code).toBe('locked');
      expect(performance.now() - begin).toBeGreaterThan(50);
    },
  },
  {
    name: 'who waits gets the lock when it is given back',
    run: async ({ one, other }) => {
      const held = await one.acquire('next');
      let isWaiting = true;
      const waiting = other.acquire('next').then((lock) => {
        isWaiting = false;
        return lock;
      });
      await setTimeout(20);
      expect(isWaiting).toBe(true);
      await held[Symbol.asyncDispose]();
      await (await waiting)[Symbol.asyncDispose]();
    },
  },
  {
    name: 'locks of different names are held at the same time, whatever is in the names',
    run: async ({ one }) => {
      const names = ['a', 'a/b', '../a', 'ä', 'a*', 'con', ' ', 'x'.repeat(512), '😀'.repeat(200)];
      for (const name of names) {
        const lock = await one.acquire(name, { waitMs: 0 });
        expect(lock.name).toBe(name);
        expect(lock.lost.aborted).toBe(false);
      }
    },
  },
  {
    name: 'a name that cannot be one is refused',
    run: async ({ one }) => {
      for (const name of ['', 'a\nb', 'a\u0000b', 'x'.repeat(513)])
        expect((await failureOf(one.acquire(name))).code).toBe('invalid-argument');
    },
  },
  {
    name: 'a raised signal ends the waiting, and leaves the holder its lock',
    run: async ({ one, other }) => {
      await using _lock = await one.acquire('held');
      const controller = new AbortController();
      const [failure] = await Promise.all([
        failureOf(other.acquire('held', { signal: controller.signal })),
        setTimeout(10).then(() => controller.abort()),
      ]);
      expect(failure.code).toBe('cancelled');
      expect((await failureOf(other.acquire('free', { signal: controller.signal }))).code).toBe('cancelled');
      expect((await failureOf(other.acquire('held', { waitMs: 0 }))).code).toBe('locked');
    },
  },
  {
    name: 'a lock that is given back twice is taken from no later holder',
    run: async ({ one, other }) => {
      const first = await one.acquire('twice');
      await first[Symbol.asyncDispose]();
      await using _second = await one.acquire('twice');
      await first[Symbol.asyncDispose]();
      expect((await failureOf(other.acquire('twice', { waitMs: 0 }))).code).toBe('locked');
    },
  },
  {
    name: 'a manager that is disposed gives back what it holds, and takes nothing more',
    run: async ({ one, other }) => {
      await one.acquire('mine');
      await one[Symbol.asyncDispose]();
      await using _lock = await other.acquire('mine', { waitMs: 0 });
      expect((await failureOf(one.acquire('mine'))).code).toBe('invalid-argument');
    },
  },
  {
    name: 'a holder that is killed loses its lock',
    needsProcesses: true,
    run: async ({ one, place, mostLeaseMs }) => {
      const holder = await place.startHolder?.('killed');
      expect((await failureOf(one.acquire('killed', { waitMs: 0 }))).code).toBe('locked');
      await holder?.kill();
      await using _lock = await one.acquire('killed', { waitMs: mostLeaseMs });
    },
  },
];
