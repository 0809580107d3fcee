/**
 * Bytes on their way into a store.
 *
 * A chunk belongs to the reader until it asks for the next one: whoever must keep a chunk longer copies it. Bytes that
 * are given as one piece belong to the put until it has ended: leave them as they are.
 * Bytes and re-openable sources can be sent again after a failure; streams and iterables pass once.
 */
export type ByteSource =
  | Uint8Array
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | ReopenableSource;

/** A source that can be read from the beginning any number of times. */
export interface ReopenableSource {
  /** Begins to read. Each call is independent of the others. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Exactly how many bytes each reading gives. */
  readonly sizeBytes: number;
}
