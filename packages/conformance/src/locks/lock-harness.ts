import type { LockManager } from '@holdfast/ports';

/** Locks in a place of their own, for one case. */
export interface LocksUnderTest extends AsyncDisposable {
  /** Opens another manager of the same place, as another process or service would. */
  open(): Promise<LockManager>;
  /** Starts a process that takes a lock, and resolves once it has it. Left out where no other process reaches the place. */
  startHolder?(name: string): Promise<{ kill(): Promise<void> }>;
}

/** What the kit needs to test a lock manager. */
export interface LockHarness {
  setUp(): Promise<LocksUnderTest>;
  /** How long a killed holder may keep its lock, in milliseconds: that of a lease. @default 5000 */
  readonly mostLeaseMs?: number | undefined;
}
