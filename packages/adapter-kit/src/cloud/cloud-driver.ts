import type { Digest, StorageBackend } from '@holdfast/domain';
import type { ByteRange, StorageCapabilities, WriteMode } from '@holdfast/ports';
import type { RequestFailure } from '../requests/request-failure.ts';
import type { PartLimits } from './part-plan.ts';
import type { MetadataSpelling } from './stored-metadata.ts';

/** Every request can be stopped. */
export interface RequestOptions {
  readonly signal: AbortSignal;
  /**
   * Aborted when the caller gives up a write. Whoever can tell that nothing was written yet may heed it, and throws
   * `cancelled`; anybody else lets the write end.
   */
  readonly cancelled?: AbortSignal | undefined;
}

/** What a backend tells of an object, as it stores it. */
export interface StoredObject {
  readonly sizeBytes: number;
  readonly etag: string;
  readonly version?: string | undefined;
  readonly contentType?: string | undefined;
  /** As it is stored; see `StoredMetadata`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModifiedMs: number;
}

/** What a listing tells. */
export type ListedObject = Omit<StoredObject, 'metadata'> & {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** An answer whose body is still to come. */
export interface OpenedObject {
  readonly object: StoredObject;
  /** What the answer says that its body is: from `Content-Range`, else the whole. */
  readonly range: { readonly offset: number; readonly length: number };
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up the body; safe after its end. */
  readonly close: () => void;
}

export interface OpenOptions extends RequestOptions {
  readonly range?: ByteRange | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly version?: string | undefined;
}

/** An object on its way in. */
export interface Upload {
  readonly name: string;
  readonly mode: WriteMode;
  readonly contentType: string;
  /** To be stored as it is; holds the attempt id. */
  readonly metadata: Readonly<Record<string, string>>;
  /** SHA-256 of all bytes, where it is known before they are sent. */
  readonly checksum?: Digest | undefined;
  readonly sizeBytes?: number | undefined;
}

/** A piece of an upload; its bytes are lent until the request has ended. */
export interface UploadPart {
  readonly uploadId: string;
  /** From 1. */
  readonly number: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

export interface FinishedParts {
  readonly uploadId: string;
  /** What `putPart` answered, in the order of the parts. */
  readonly receipts: readonly string[];
  readonly sizeBytes: number;
}

/** What a write made. */
export interface WrittenObject {
  readonly etag: string;
  readonly version?: string | undefined;
  /** @default the time at which the write began */
  readonly lastModifiedMs?: number | undefined;
}

export interface ListRequest extends RequestOptions {
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  readonly startAfter?: string | undefined;
  readonly pageSize: number;
  /** Where the page before ended. */
  readonly cursor?: string | undefined;
}

export interface ListAnswer {
  readonly objects: readonly ListedObject[];
  /** Folded beginnings of names. */
  readonly prefixes: readonly string[];
  /** Where the next page begins; absent after the last one. */
  readonly cursor?: string | undefined;
}

export interface ListUploadsRequest extends RequestOptions {
  readonly prefix: string;
  /** Where the page before ended. */
  readonly cursor?: string | undefined;
}

/** An upload whose object is not there yet. */
export interface OpenUpload {
  readonly name: string;
  readonly uploadId: string;
  /** Of the parts that have arrived. */
  readonly sizeBytes: number;
  /** Why nothing can end it; absent where `endUpload` does. */
  readonly whyKept?: string | undefined;
}

export interface OpenUploads {
  readonly uploads: readonly OpenUpload[];
  /** Where the next page begins; absent after the last one. */
  readonly cursor?: string | undefined;
}

export interface PresignRequest {
  readonly method: 'GET' | 'PUT';
  readonly expiresInSeconds: number;
  readonly contentType?: string | undefined;
  readonly checksum?: Digest | undefined;
}

/** Where a copy comes from, in the state that was seen. */
export interface CopySource {
  readonly name: string;
  readonly object: StoredObject;
}

/**
 * One request of a backend per method: `CloudStorageAdapter` brings what all clouds have in common. Names are spelled,
 * conditions are for the backend to decide, and what a client throws is thrown on: `failureOf` says what it means.
 * Clients must not retry by themselves.
 */
export interface CloudDriver {
  readonly backend: StorageBackend;
  /** What people call the place, such as `bucket models`. */
  readonly place: string;
  readonly capabilities: Omit<StorageCapabilities, 'maximumSizeBytes'> & {
    readonly maximumSizeBytes?: number;
  };
  readonly partLimits: PartLimits;
  readonly metadataSpelling?: MetadataSpelling | undefined;
  /** Characters that names cannot hold. */
  readonly unspeakable?: RegExp | undefined;
  /** Whether no segment of a name can end with a dot. @default false */
  readonly guardsFinalDots?: boolean | undefined;
  /** First characters of names before which `%` is put; see `KeySpelling`. */
  readonly guardedFirst?: RegExp | undefined;
  readonly maximumNameBytes: number;
  /** How many parts may be under way at once, at most. @default as many as memory allows */
  readonly maximumPartsAtOnce?: number | undefined;
  /** Whether metadata goes with `completeParts`, so that the checksum of every upload can stand in it. @default false */
  readonly describesAtEnd?: boolean | undefined;
  /** Whether `completeParts` and `copy` send all bytes of the object: time is allowed for them. @default false */
  readonly sendsWholeObjects?: boolean | undefined;
  /** Whether a copy under a condition is an upload in parts. @default false */
  readonly copiesInParts?: boolean | undefined;
  /** Whether `remove` tells that nothing was there; else it is looked up before. */
  readonly tellsAbsence: boolean;
  /** Whether a text can be an etag of this backend: whatever else means something to it is never sent. */
  readonly isEtag: (text: string) => boolean;
  /** What a client's error means; `undefined` when it is not the client's. */
  readonly failureOf: (error: unknown) => RequestFailure | undefined;

  readonly head: (
    name: string,
    options: RequestOptions & { readonly version?: string | undefined },
  ) => Promise<StoredObject | undefined>;
  readonly open: (name: string, options: OpenOptions) => Promise<OpenedObject | undefined>;
  readonly putWhole: (upload: Upload, bytes: Uint8Array, options: RequestOptions) => Promise<WrittenObject>;
  readonly beginParts: (upload: Upload, options: RequestOptions) => Promise<string>;
  /** May be sent again with the same bytes. Answers what `completeParts` needs of it. */
  readonly putPart: (upload: Upload, part: UploadPart, options: RequestOptions) => Promise<string>;
  readonly completeParts: (
    upload: Upload,
    parts: FinishedParts,
    options: RequestOptions,
  ) => Promise<WrittenObject>;
  /** Leaves nothing of an upload; nothing is wrong when there is none. */
  readonly abortParts: (upload: Upload, uploadId: string, options: RequestOptions) => Promise<void>;
  /** One page of the uploads that were begun and neither completed nor aborted; where the backend keeps such. */
  readonly listUploads?: (request: ListUploadsRequest) => Promise<OpenUploads>;
  /** Leaves nothing of an upload of another writer. */
  readonly endUpload?: (upload: OpenUpload, options: RequestOptions) => Promise<void>;
  /** `absent` where `tellsAbsence`, or where a condition met nothing. */
  readonly remove: (
    name: string,
    options: RequestOptions & { readonly ifMatch?: string | undefined },
  ) => Promise<'deleted' | 'absent'>;
  /** Removes many in one request: `undefined` or what went wrong, in the order of the names. */
  readonly removeMany?: (
    names: readonly string[],
    options: RequestOptions,
  ) => Promise<readonly (RequestFailure | undefined)[]>;
  readonly listPage: (request: ListRequest) => Promise<ListAnswer>;
  /** Copies the state that was seen; `not-found` or `precondition-failed` when it is no more. */
  readonly copy: (source: CopySource, upload: Upload, options: RequestOptions) => Promise<WrittenObject>;
  readonly presign?: (
    name: string,
    request: PresignRequest,
  ) => Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;
  /** The cheapest request that fails when the store is missing or closed to us. */
  readonly probe: (options: RequestOptions) => Promise<void>;
  readonly close: () => Promise<void>;
}
