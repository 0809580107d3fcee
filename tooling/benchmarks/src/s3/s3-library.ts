/** Parts and connections that are the same for all who are measured; the adapter's defaults, which the executable uses. */
export const s3Transfer = { partSizeBytes: 8_388_608, partsAtOnce: 4, connections: 32 } as const;

/** How an object is fetched. */
export interface OpenOptions {
  /** In several parts at once, where the library can. */
  readonly inParts: boolean;
}

/** A library that speaks S3, as its users call it. */
export interface S3Library extends AsyncDisposable {
  readonly name: string;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** All bytes of an object, in memory of their own. */
  get(key: string): Promise<Uint8Array>;
  putFile(key: string, path: string): Promise<void>;
  /** The bytes of an object, each chunk lent until the next one is asked for. */
  open(key: string, options: OpenOptions): Promise<AsyncIterable<Uint8Array>>;
}
