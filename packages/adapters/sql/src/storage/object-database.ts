import type { Cancellable, OperationContext } from '@holdfast/ports';
import type { Kysely } from 'kysely';
import type { ObjectSchema } from './object-schema.ts';

/** Statements of one operation. They may be run more than once, after what they did was undone. */
export type ObjectWork<T> = (database: Kysely<ObjectSchema>) => Promise<T>;

export interface ReadingOptions extends Cancellable {
  /** Whether it is run again when the database cannot be reached for the moment. @default true */
  readonly isRepeatable?: boolean | undefined;
}

/** A database that holds objects, whichever dialect it speaks. Its errors leave it as `StorageError`. */
export interface ObjectDatabase extends AsyncDisposable {
  readonly presence: Presence;
  /** Whether rows have to be locked when they are read to be changed: elsewhere there is one writer. */
  readonly hasRowLocks: boolean;
  /** Runs one reading statement. */
  read<T>(context: OperationContext, work: ObjectWork<T>, options?: ReadingOptions): Promise<T>;
  /** Runs statements that read one state. */
  snapshot<T>(context: OperationContext, work: ObjectWork<T>, options?: Cancellable): Promise<T>;
  /** Runs statements that take effect together; cancelled, it is undone, unless its commit has begun. */
  write<T>(context: OperationContext, work: ObjectWork<T>, options?: Cancellable): Promise<T>;
}

/** Lets go of what is held; safe to call twice. */
export type Release = () => Promise<void>;

/** What this process is doing, told to others so that nobody deletes what it writes or reads. No clock takes part. */
export interface Presence extends AsyncDisposable {
  /** The name under which bodies are staged; {@link Presence.whyGone} tells from it whether their writer still lives. */
  owner(context: OperationContext): Promise<string>;
  /** Why the writer of that name is certainly gone; `undefined` when it may not be. */
  whyGone(database: Kysely<ObjectSchema>, owner: string): Promise<string | undefined>;
  /** Keeps a body from being deleted while it is read. */
  hold(dataId: string, context: OperationContext): Promise<Release>;
  /** Whether nobody reads a body, and nobody will until the transaction ends. */
  isFree(database: Kysely<ObjectSchema>, dataId: string): Promise<boolean>;
}
