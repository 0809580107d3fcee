import type { UtcTimestamp } from '../utc-timestamp.ts';
import type { Alias, AliasMove } from './alias.ts';

/** A wish to move an alias, decided by comparing revisions. */
export interface AliasChange {
  readonly modelId: string;
  readonly name: string;
  /** Where it is to point; `undefined` removes it. */
  readonly to: number | undefined;
  /** The revision that it must have now; 0 means that it must not be there. */
  readonly expectedRevision: number;
  readonly now: UtcTimestamp;
  /** Who moves it, as far as it is known. */
  readonly by?: string | undefined;
}

/** The aliases of all models, with every move that they made. */
export interface AliasRepository {
  find(modelId: string, name: string): Promise<Alias | undefined>;
  /** The aliases of a model, sorted by name. */
  findByModel(modelId: string): Promise<readonly Alias[]>;
  /** The aliases that point to a version, sorted by name. */
  findByVersion(modelId: string, number: number): Promise<readonly Alias[]>;
  /**
   * Moves, makes or removes an alias, and notes it in the history.
   * Revisions of a name go on counting after a removal, so that none is used twice.
   *
   * @returns the alias as it is now, `undefined` when it was removed.
   * @throws StorageError `precondition-failed` when its revision is not the expected one.
   */
  move(change: AliasChange): Promise<Alias | undefined>;
  /** Every move of an alias, oldest first. */
  findHistory(modelId: string, name: string): Promise<readonly AliasMove[]>;
}
