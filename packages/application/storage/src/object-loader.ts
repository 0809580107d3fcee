import { type ModelStorageInfo, type ObjectKey, digestOfContentKey } from '@holdfast/domain';
import {
  type ByteRange,
  type Cancellable,
  type ObjectInfo,
  type ObjectReader,
  StorageError,
  type StorageErrorDetails,
  throwIfCancelled,
} from '@holdfast/ports';
import { assertStorageInfo } from './assert-storage-info.ts';
import { collectBytes } from './collect-bytes.ts';
import type { StoreDirectory } from './store-directory.ts';
import type { OnProgress } from './transfer-progress.ts';
import { verifiedBody } from './verified-body.ts';
import { verifiedBytes } from './verified-bytes.ts';

/** How an object is read. */
export interface LoadOptions extends Cancellable {
  readonly onProgress?: OnProgress | undefined;
  /** The same bytes can be read elsewhere: a request that fails for the moment is not repeated. @default false */
  readonly hasAlternative?: boolean | undefined;
}

/** Where an object lies in its store. */
export function keyOf(info: ModelStorageInfo): ObjectKey {
  return info.storagePath as ObjectKey;
}

/** Reads objects and holds them to what was recorded of them. */
export class ObjectLoader {
  readonly #stores: StoreDirectory;
  readonly #damaged = new Set<string>();

  constructor(stores: StoreDirectory) {
    this.#stores = stores;
  }

  /** Whether an object was found damaged and has not been saved since. */
  isDamaged(storeName: string, key: string): boolean {
    return this.#damaged.has(placeOf(storeName, key));
  }

  /** Forgets damage of what was saved again. */
  forgetDamage(storeName: string, key: string): void {
    this.#damaged.delete(placeOf(storeName, key));
  }

  /** The whole object, hashed, in memory of its own. */
  async load(info: ModelStorageInfo, options: LoadOptions): Promise<Uint8Array> {
    try {
      await using reader = await this.#open(info, options);
      if (reader.bytes === undefined)
        return await collectBytes(this.#verified(reader, info, options), info.sizeBytes);
      const bytes = await verifiedBytes(await reader.bytes(), info);
      options.onProgress?.({ phase: 'read', bytes: bytes.byteLength, totalBytes: info.sizeBytes });
      return bytes;
    } catch (error) {
      throw error instanceof RangeError ? tooLarge(info, error) : this.#noted(info, error);
    }
  }

  /** A part of an object whose recorded size and digest are the expected ones; not hashed. */
  async loadRange(info: ModelStorageInfo, range: ByteRange, options: Cancellable): Promise<Uint8Array> {
    await using reader = await this.#open(info, { ...options, range });
    const bytes = await (reader.bytes?.() ?? collectBytes(reader.body, reader.range.length));
    if (bytes.byteLength === reader.range.length) return bytes;
    throw cutShort(info, reader.range, bytes.byteLength);
  }

  /** The whole object chunk by chunk, hashed; it ends in an error when the bytes are not the recorded ones. */
  async *read(info: ModelStorageInfo, options: LoadOptions = {}): AsyncIterable<Uint8Array> {
    try {
      await using reader = await this.#open(info, options);
      yield* this.#verified(reader, info, options);
    } catch (error) {
      throw this.#noted(info, error);
    }
  }

  #noted(info: ModelStorageInfo, error: unknown): unknown {
    const isDamage = StorageError.isInstance(error) && damageCodes.includes(error.code);
    if (isDamage) this.#damaged.add(placeOf(info.storeName ?? this.#stores.defaultName, info.storagePath));
    return error;
  }

  /**
   * The bytes from an offset on, not hashed. They are read as a range where the store keeps the object's digest, so that
   * they belong to the recorded bytes; elsewhere the whole object is read and its beginning dropped.
   *
   * @throws StorageError `corrupt` before any byte, when the store's record is of another object.
   */
  async *readFrom(info: ModelStorageInfo, offset: number, options: LoadOptions): AsyncIterable<Uint8Array> {
    await using reader = await this.#openAt(info, offset, options);
    let superfluous = offset - reader.range.offset;
    for await (const chunk of reader.body) {
      if (chunk.byteLength > superfluous) yield chunk.subarray(superfluous);
      superfluous = Math.max(0, superfluous - chunk.byteLength);
    }
  }

  async #openAt(info: ModelStorageInfo, offset: number, options: LoadOptions): Promise<ObjectReader> {
    const { capabilities } = this.#stores.find(info.storeName);
    if (offset > 0 && offset < info.sizeBytes && capabilities.ranges) {
      const part = await this.#open(info, { ...options, range: { offset } });
      if (part.info.checksum === info.checksum) return part;
      await part[Symbol.asyncDispose]();
    }
    const whole = await this.#open(info, options);
    if (isRecorded(whole.info, info)) return whole;
    await whole[Symbol.asyncDispose]();
    throw replaced(info);
  }

  async *#verified(
    reader: ObjectReader,
    info: ModelStorageInfo,
    options: LoadOptions,
  ): AsyncIterable<Uint8Array> {
    let bytes = 0;
    for await (const chunk of verifiedBody(reader.body, info)) {
      throwIfCancelled(options.signal, {
        operation: 'load',
        backend: info.storageBackend,
        key: info.storagePath,
      });
      yield chunk;
      bytes += chunk.byteLength;
      options.onProgress?.({ phase: 'read', bytes, totalBytes: info.sizeBytes });
    }
  }

  async #open(info: ModelStorageInfo, options: PartOptions): Promise<ObjectReader> {
    const reader = await this.#get(info, options);
    if (reader === undefined) throw missing(info);
    if (options.range === undefined || isRecorded(reader.info, info)) return reader;
    await reader[Symbol.asyncDispose]();
    throw replaced(info);
  }

  async #get(
    info: ModelStorageInfo,
    { signal, range, hasAlternative = false }: PartOptions,
  ): Promise<ObjectReader | undefined> {
    assertStorageInfo(info);
    const adapter = this.#stores.find(info.storeName);
    const key = keyOf(info);
    const isImmutable = digestOfContentKey(key) !== undefined;
    const given = { signal, isImmutable, hasAlternative };
    if (range === undefined) return adapter.get(key, given);
    try {
      return await adapter.get(key, { ...given, range });
    } catch (error) {
      const isInside = 'suffix' in range || range.offset < info.sizeBytes;
      throw isInside && StorageError.isInstance(error, 'range-not-satisfiable') ? replaced(info) : error;
    }
  }
}

const damageCodes: readonly string[] = ['checksum-mismatch', 'size-mismatch', 'corrupt'];

function placeOf(storeName: string, key: string): string {
  return JSON.stringify([storeName, key]);
}

type PartOptions = Omit<LoadOptions, 'onProgress'> & { readonly range?: ByteRange };

/** Whether a store's record of an object names the size and, where it keeps one, the digest that are expected. */
function isRecorded({ sizeBytes, checksum }: ObjectInfo, info: ModelStorageInfo): boolean {
  return sizeBytes === info.sizeBytes && (checksum ?? info.checksum) === info.checksum;
}

function missing(info: ModelStorageInfo): StorageError {
  return failure(info, {
    code: 'not-found',
    message: `The object ${info.storagePath} is not in the store ${info.storeName ?? ''}.`,
    hint: putAgain,
  });
}

function replaced(info: ModelStorageInfo): StorageError {
  return failure(info, {
    code: 'corrupt',
    message: `The store holds another object under ${info.storagePath}: its size or digest is not the recorded one.`,
    hint: putAgain,
  });
}

function cutShort(info: ModelStorageInfo, range: ObjectReader['range'], bytes: number): StorageError {
  return failure(info, {
    code: 'size-mismatch',
    message: `The stored object gave ${bytes} of the ${range.length} bytes from ${range.offset} on: it is cut short.`,
    hint: putAgain,
  });
}

function tooLarge(info: ModelStorageInfo, cause: unknown): StorageError {
  return failure(info, {
    code: 'quota-exceeded',
    message: `The ${info.sizeBytes} bytes of ${info.storagePath} do not fit into memory.`,
    hint: 'Read them as a stream, by ranges, or into a file.',
    cause,
  });
}

const putAgain = 'Put the same file again, or restore it from a copy.';

function failure(
  info: ModelStorageInfo,
  details: Pick<StorageErrorDetails, 'code' | 'message' | 'hint' | 'cause'>,
): StorageError {
  return new StorageError({
    ...details,
    operation: 'load',
    backend: info.storageBackend,
    key: info.storagePath,
  });
}
