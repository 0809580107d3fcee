import type { Digest, ObjectKey, UtcTimestamp } from '@holdfast/domain';

/** What a store knows of an object without its bytes. */
export interface ObjectInfo {
  readonly key: ObjectKey;
  /** Length of the whole object, also in the answer to a range. */
  readonly sizeBytes: number;
  /** Names this state of the object. Never used again, not even by an object deleted and made anew. */
  readonly etag: string;
  /** The backend's own version, where `capabilities.versions`. */
  readonly version?: string;
  /** SHA-256 over the bytes that passed when it was written, where the backend keeps it. */
  readonly checksum?: Digest;
  readonly contentType?: string;
  /** The caller's own fields; empty when there are none. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: UtcTimestamp;
}

/** An object opened for reading. Dispose it, or read its body to the end or until leaving the loop. */
export interface ObjectReader extends AsyncDisposable {
  readonly info: ObjectInfo;
  /** The part that the body gives; the whole object unless a range was asked for. */
  readonly range: { readonly offset: number; readonly length: number };
  /**
   * The bytes, once. A chunk is lent: its memory may be used again when the next one is asked for,
   * so copy what must stay.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /**
   * The same bytes in one piece, in memory of their own, instead of the body. Offered where the part is so short
   * that reading it at once is the faster way; whether it is offered says nothing else.
   */
  readonly bytes?: () => Promise<Uint8Array>;
}
