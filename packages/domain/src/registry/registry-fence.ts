import type { UtcTimestamp } from '../utc-timestamp.ts';

/** What a registry is at the moment, as its stores' claims name it. */
export interface RegistryGeneration {
  /** Random; the registry's own id until it takes its first generation. */
  readonly id: string;
  /** Where the registry's records were when it was taken; `undefined` until the first one is. */
  readonly place: string | undefined;
}

/** The generation that a registry takes. */
export interface NextGeneration {
  readonly id: string;
  readonly place: string;
  /** Generations of other registries whose place this one takes. @default none */
  readonly ancestors?: readonly string[] | undefined;
}

/** A deletion that is under way, or was left by a process that died. */
export interface PendingDeletion {
  readonly id: string;
  readonly startedAt: UtcTimestamp;
  /** Whether nothing is condemned by it any more: only its marks in claims are left. */
  readonly isClosed: boolean;
}

/**
 * What keeps the copies of a registry apart: its generations, and the deletions that it knows to be its own.
 *
 * A claim that names the current generation is this registry's; one that names an ancestor can be renewed; any other
 * belongs to another registry, which may be a copy of this one.
 */
export interface RegistryFence {
  current(): Promise<RegistryGeneration>;
  /** Makes another generation the current one; the one before, and the given ones, are ancestors from then on. */
  take(next: NextGeneration): Promise<void>;
  /** Whether a generation came before the current one. The registry's own id always did. */
  isAncestor(id: string): Promise<boolean>;
  /** Every generation up to the current one, oldest first. */
  listGenerations(): Promise<readonly string[]>;
  /** Notes a deletion as this registry's own, before any claim names it. */
  addDeletion(deletion: Omit<PendingDeletion, 'isClosed'>): Promise<void>;
  /** The deletions that are noted, sorted by id. */
  listDeletions(): Promise<readonly PendingDeletion[]>;
  /**
   * Closes a deletion, unless it still owns condemned digests. A closed one is still known.
   *
   * @returns whether it is closed, or not noted at all.
   */
  closeDeletion(id: string): Promise<boolean>;
  /** Forgets a deletion: from then on a claim that names it names another registry's. */
  forgetDeletion(id: string): Promise<void>;
}
