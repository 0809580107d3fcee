/** What the store keeps of an object. */
export interface ObjectTable {
  readonly key: string;
  /** A random id of the write that made this state. */
  readonly etag: string;
  readonly size_bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly content_type: string | null;
  /** A JSON object of texts. */
  readonly metadata: string;
  readonly modified_ms: number;
  /** The body that holds the bytes; `null` when they lie in `bytes`. */
  readonly data_id: string | null;
  /** The length of the body's chunks, but for the last one. */
  readonly chunk_bytes: number;
  /** Over the fields above. */
  readonly checksum: string;
  readonly bytes: Uint8Array | null;
}

/** A row of chunks, and what they are: being written, an object's, or to be deleted. */
export interface BodyTable {
  readonly data_id: string;
  readonly state: 'staged' | 'stored' | 'unused';
  /** Who writes a staged body. */
  readonly owner: string | null;
}

export interface ChunkTable {
  readonly data_id: string;
  /** From 0 up. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** The tables of a store of objects. */
export interface ObjectSchema {
  readonly objects: ObjectTable;
  readonly bodies: BodyTable;
  readonly chunks: ChunkTable;
}
