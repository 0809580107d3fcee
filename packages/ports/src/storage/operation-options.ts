import type { Digest, ObjectKey } from '@holdfast/domain';

/** Options that everything that waits takes. */
export interface Cancellable {
  /** Stops the operation within a second with `cancelled`, unless its commit has begun. */
  readonly signal?: AbortSignal | undefined;
}

/** Under which condition a write happens. */
export type WriteMode =
  /** Whatever is there. */
  | 'overwrite'
  /** Only when nothing is there; else `already-exists`. */
  | 'create'
  /** Only when what is there has this etag; else `precondition-failed`. */
  | { readonly ifMatch: string };

/** A key that is known when the bytes are. It is asked once, before the object can be seen. */
export type LateKey = (digest: Digest, sizeBytes: number) => ObjectKey | Promise<ObjectKey>;

export interface PutOptions extends Cancellable {
  /** @default 'overwrite' */
  readonly mode?: WriteMode | undefined;
  /** The exact length; another one is `size-mismatch`, and nothing changes. */
  readonly sizeBytes?: number | undefined;
  /** What the bytes must hash to; anything else is `checksum-mismatch`, and nothing changes. */
  readonly checksum?: Digest | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Told how many bytes have been taken in so far, at least every 4 MiB. */
  readonly onProgress?: (bytes: number) => void;
}

/** A part of an object. */
export type ByteRange =
  | { readonly offset: number; readonly length?: number }
  /** The last bytes. */
  | { readonly suffix: number };

export interface GetOptions extends Cancellable {
  /**
   * The part to read, cut at the object's end. An offset at or past the end is `range-not-satisfiable`,
   * except offset 0 of an empty object.
   */
  readonly range?: ByteRange | undefined;
  /** Another etag is `precondition-failed`. */
  readonly ifMatch?: string | undefined;
  /** This etag is `not-modified`. */
  readonly ifNoneMatch?: string | undefined;
  /** The backend's own version. */
  readonly version?: string | undefined;
  /**
   * The caller's word that the key holds these bytes or none, as a content key does. A backend may then fetch several
   * parts at once. When the object is replaced all the same, reading ends with its old bytes or with
   * `precondition-failed`, never with a mixture. @default false
   */
  readonly isImmutable?: boolean | undefined;
  /**
   * The caller can read the same bytes in another place, and is better off there than waiting: an adapter that repeats
   * failed requests sends the one that opens the object once, and fails with `temporary` retry advice. @default false
   */
  readonly hasAlternative?: boolean | undefined;
}

export interface HeadOptions extends Cancellable {
  readonly version?: string | undefined;
}

/** What is to be deleted. */
export interface DeleteTarget {
  readonly key: ObjectKey;
  /** Only in this state; another one is `precondition-failed`. */
  readonly ifMatch?: string;
}

export type DeleteOptions = Cancellable;

/** What became of one target, in the order of the targets. */
export type DeleteResult =
  | { readonly key: ObjectKey; readonly outcome: 'deleted' | 'absent' }
  | { readonly key: ObjectKey; readonly error: Error };

export interface ListOptions extends Cancellable {
  /** Only keys that begin with this text. */
  readonly prefix?: string | undefined;
  /** Keys that have this text after the prefix are folded into one entry of `prefixes`. */
  readonly delimiter?: string | undefined;
  /** Only keys after this one. */
  readonly startAfter?: string | undefined;
  /** Most entries on a page, objects and prefixes together, from 1 to 1,000. @default 1000 */
  readonly pageSize?: number | undefined;
}

export interface CopyOptions extends Cancellable {
  /** @default 'overwrite' */
  readonly mode?: WriteMode | undefined;
  /** New fields; those of the source when not given. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface PresignOptions extends Cancellable {
  readonly method: 'GET' | 'PUT';
  readonly expiresInSeconds: number;
  readonly contentType?: string | undefined;
  readonly checksum?: Digest | undefined;
}

/** A request that somebody without credentials can send. */
export interface PresignedRequest {
  readonly method: 'GET' | 'PUT';
  /** Holds a signature: treat it as a secret. */
  readonly url: string;
  /** Headers that must be sent as they are. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface CheckOptions extends Cancellable {
  /** Also write, read and delete a probe. @default false */
  readonly write?: boolean | undefined;
  /** @default 5000 */
  readonly timeoutMs?: number | undefined;
}
