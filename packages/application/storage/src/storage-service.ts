import { tmpdir } from 'node:os';
import {
  type Digest,
  type JsonValue,
  ModelStorageInfo,
  SerializationFormat,
  contentKey,
} from '@holdfast/domain';
import { type WriteFileOptions, writeFileWhole } from '@holdfast/files';
import { FormatError, bytesSource, detectFormat } from '@holdfast/formats';
import {
  type ByteRange,
  type ByteSource,
  type Cancellable,
  type ObjectInfo,
  type StorageAdapter,
  StorageError,
  assertByteSource,
} from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import { assertStores } from './assert-stores.ts';
import { type LoadOptions, ObjectLoader, keyOf } from './object-loader.ts';
import { ObjectRangeSource } from './object-range-source.ts';
import { parseResult, printResult } from './result-document.ts';
import { saveContent } from './save-content.ts';
import type { SaveOptions } from './save-options.ts';
import type { SaveReceipt } from './save-receipt.ts';
import { saveUnderKey } from './save-under-key.ts';
import { StoreDirectory } from './store-directory.ts';
import { toReadableStream } from './to-readable-stream.ts';

export interface StorageServiceOptions {
  /** Adapters by the name of their store. The service disposes them, the last one first. */
  readonly adapters: Readonly<Record<string, StorageAdapter>>;
  /** @default `default` where there is a store of this name, else the first one */
  readonly defaultStore?: string | undefined;
  /** Where streams are kept while they are hashed, for backends that need the digest first. @default the system's */
  readonly spoolFolder?: string | undefined;
}

/**
 * Storage that people use: content-addressed, deduplicating, streaming, verified.
 *
 * - Bytes are hashed once on their way in and stored under their digest.
 * - Every full read is hashed again; bytes that are not the recorded ones end in `checksum-mismatch` or `size-mismatch`.
 * - A range is checked against the object's recorded size and digest, not hashed: the digest is the whole's.
 *
 * Every failure is a `StorageError`, but for sources and files of yours: their errors are passed on as they are.
 */
export class StorageService implements AsyncDisposable {
  readonly #stores: StoreDirectory;
  readonly #loader: ObjectLoader;
  readonly #spoolFolder: string;

  constructor(options: StorageServiceOptions) {
    assertStores(options);
    this.#stores = new StoreDirectory(options.adapters, options.defaultStore);
    this.#loader = new ObjectLoader(this.#stores);
    this.#spoolFolder = options.spoolFolder ?? tmpdir();
  }

  /** The name of the store that is used when none is named. */
  get defaultStore(): string {
    return this.#stores.defaultName;
  }

  /** The names of the stores. */
  get storeNames(): readonly string[] {
    return this.#stores.names;
  }

  /** Where streams are kept while they are hashed. */
  get spoolFolder(): string {
    return this.#spoolFolder;
  }

  /**
   * The adapter of a store.
   *
   * @throws StorageError `invalid-configuration` listing the stores when there is none of this name.
   */
  adapter(store?: string): StorageAdapter {
    return this.#stores.find(store);
  }

  /**
   * Saves bytes and answers where they lie.
   *
   * @throws StorageError as `put` does: `size-mismatch` or `checksum-mismatch` when they are not the announced ones,
   *   `cancelled`, `quota-exceeded`; nothing was written then. `invalid-configuration` when there is no such store,
   *   or the spool folder of a backend that needs one cannot be written to.
   * @throws InvalidValueError when the key cannot be.
   */
  async save(data: ByteSource, options: SaveOptions = {}): Promise<ModelStorageInfo> {
    return (await this.saveWithReceipt(data, options)).info;
  }

  /** Saves bytes and tells also whether they were there already. */
  async saveWithReceipt(data: ByteSource, options: SaveOptions = {}): Promise<SaveReceipt> {
    const storeName = options.store ?? this.#stores.defaultName;
    const adapter = this.#stores.find(storeName);
    assertByteSource(data, { operation: 'save', backend: adapter.backend });
    const isDamaged = async (saved: Digest): Promise<boolean> =>
      this.#loader.isDamaged(storeName, contentKey(saved)) || (await options.isDamaged?.(saved)) === true;
    const { info, digest, isDuplicate } =
      options.key === undefined
        ? await saveContent(adapter, data, { ...options, isDamaged, spoolFolder: this.#spoolFolder })
        : await saveUnderKey(adapter, data, { ...options, key: options.key });
    this.#loader.forgetDamage(storeName, info.key);
    const found = ModelStorageInfo.of({
      storageBackend: adapter.backend,
      storeName,
      storagePath: info.key,
      sizeBytes: info.sizeBytes,
      checksum: digest,
      format: options.format ?? SerializationFormat.Binary,
      ...(info.contentType === undefined ? {} : { contentType: info.contentType }),
      ...(info.version === undefined ? {} : { version: info.version }),
    });
    if (options.format !== undefined) return { info: found, isDuplicate };
    return { info: found.with({ format: await this.#detectFormat(data, found) }), isDuplicate };
  }

  /** Saves a model; the format is found out from the bytes when it is not given. */
  saveModel(data: ByteSource, options: SaveOptions = {}): Promise<ModelStorageInfo> {
    return this.save(data, options);
  }

  /** Saves a dataset; the format is found out from the bytes when it is not given. */
  saveDataset(data: ByteSource, options: SaveOptions = {}): Promise<ModelStorageInfo> {
    return this.save(data, options);
  }

  /**
   * Saves a result as JSON; {@link StorageService.loadResult} gives the value back.
   *
   * @throws StorageError as {@link StorageService.save} does; `invalid-argument` for `NaN` and the infinities,
   *   which JSON would turn into `null`.
   */
  async saveResult(value: JsonValue, options: Omit<SaveOptions, 'format'> = {}): Promise<ModelStorageInfo> {
    const { backend, capabilities } = this.#stores.find(options.store);
    return this.save(printResult(value, backend), {
      ...options,
      contentType: options.contentType ?? (capabilities.contentType ? 'application/json' : undefined),
      format: SerializationFormat.Json,
    });
  }

  /**
   * Loads a whole object, verified, into memory of its own.
   *
   * @throws StorageError `not-found`; `checksum-mismatch`, `size-mismatch` or `corrupt` when the stored bytes are
   *   damaged; `quota-exceeded` when they do not fit into memory; `cancelled`.
   */
  load(info: ModelStorageInfo, options: LoadOptions = {}): Promise<Uint8Array> {
    return this.#loader.load(info, options);
  }

  /** Loads a model as {@link StorageService.load} does. */
  loadModel(info: ModelStorageInfo, options: LoadOptions = {}): Promise<Uint8Array> {
    return this.load(info, options);
  }

  /** Loads a dataset as {@link StorageService.load} does. */
  loadDataset(info: ModelStorageInfo, options: LoadOptions = {}): Promise<Uint8Array> {
    return this.load(info, options);
  }

  /**
   * Loads what {@link StorageService.saveResult} saved, verified.
   *
   * @throws StorageError as {@link StorageService.load} does; `invalid-argument` when the object is no JSON.
   */
  async loadResult(info: ModelStorageInfo, options: LoadOptions = {}): Promise<JsonValue> {
    return parseResult(await this.load(info, options), info);
  }

  /** A whole object as a web stream. It fails at its end when the bytes are damaged: wait for that before you use them. */
  loadStream(info: ModelStorageInfo, options: LoadOptions = {}): ReadableStream<Uint8Array> {
    const leaving = new AbortController();
    const chunks = this.read(info, { ...options, signal: joinSignals(leaving.signal, options.signal) });
    return toReadableStream(chunks, () => leaving.abort());
  }

  /**
   * Writes a whole object to a file, verified before it takes its place; else nothing is left there.
   *
   * @throws StorageError as {@link StorageService.load} does; the system's error, `EEXIST` when something is there
   *   and `overwrite` is not set.
   */
  async loadToFile(
    info: ModelStorageInfo,
    path: string,
    options: LoadOptions & WriteFileOptions = {},
  ): Promise<void> {
    await writeFileWhole(path, this.read(info, options), options);
  }

  /**
   * Reads a part of an object. Its size and recorded digest are checked, its bytes are not hashed.
   *
   * @throws StorageError `not-found`, `range-not-satisfiable`, `unsupported` where the backend reads no ranges,
   *   `corrupt` when the store holds another object there, `size-mismatch` when it gives fewer bytes than it has.
   */
  loadRange(info: ModelStorageInfo, range: ByteRange, options: Cancellable = {}): Promise<Uint8Array> {
    return this.#loader.loadRange(info, range, options);
  }

  /**
   * Reads a whole object chunk by chunk, verified at its end. A chunk is lent: copy it to keep it.
   *
   * @throws StorageError as {@link StorageService.load} does.
   */
  read(info: ModelStorageInfo, options: LoadOptions = {}): AsyncIterable<Uint8Array> {
    return this.#loader.read(info, options);
  }

  /**
   * Reads an object from an offset on, not hashed: hold the whole to its digest with {@link verifiedBody}. As a range
   * where the store keeps the object's digest, elsewhere by reading all of it and dropping its beginning.
   *
   * @throws StorageError as {@link StorageService.load} does; `corrupt` before any byte, when the store's record is of
   *   another object.
   */
  readFrom(
    info: ModelStorageInfo,
    offset: number,
    options: Omit<LoadOptions, 'onProgress'> = {},
  ): AsyncIterable<Uint8Array> {
    return this.#loader.readFrom(info, offset, options);
  }

  /**
   * Re-reads and re-hashes an object.
   *
   * @throws StorageError `not-found`, `checksum-mismatch`, `size-mismatch` or `corrupt` when it is not as recorded.
   */
  async verify(info: ModelStorageInfo, options: LoadOptions = {}): Promise<void> {
    const chunks = this.read(info, options)[Symbol.asyncIterator]();
    while ((await chunks.next()).done !== true);
  }

  /** Random access to an object's bytes, for looking into it without loading it. */
  rangeSource(info: ModelStorageInfo, options: Cancellable = {}): ObjectRangeSource {
    return new ObjectRangeSource(info.sizeBytes, (range) => this.loadRange(info, range, options));
  }

  /**
   * Deletes an object, whoever else may rely on its digest: versions in a registry are removed there.
   *
   * @returns whether it was there.
   */
  async delete(info: ModelStorageInfo, options: Cancellable = {}): Promise<boolean> {
    const [result] = await this.#stores.find(info.storeName).delete([{ key: keyOf(info) }], options);
    if (result !== undefined && 'error' in result) throw result.error;
    return result?.outcome === 'deleted';
  }

  /** Whether the store holds an object there. */
  async exists(info: ModelStorageInfo, options: Cancellable = {}): Promise<boolean> {
    return (await this.getMetadata(info, options)) !== undefined;
  }

  /** What the store knows of an object, or `undefined` when it is not there. */
  getMetadata(info: ModelStorageInfo, options: Cancellable = {}): Promise<ObjectInfo | undefined> {
    return this.#stores.find(info.storeName).head(keyOf(info), options);
  }

  /** The objects of a store whose keys begin with a prefix. */
  async *listObjects(
    prefix: string = '',
    options: Cancellable & { readonly store?: string } = {},
  ): AsyncIterable<ObjectInfo> {
    const adapter = this.#stores.find(options.store);
    for await (const page of adapter.list({ prefix, signal: options.signal })) yield* page.objects;
  }

  /** Disposes every adapter, the last one first. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stores[Symbol.asyncDispose]();
  }

  /**
   * Bytes that break the rules of the format that they claim are stored all the same, as `binary`; so are bytes that
   * cannot be looked at. They are in their place already: neither that nor a signal may make the save look undone.
   */
  async #detectFormat(data: ByteSource, info: ModelStorageInfo): Promise<SerializationFormat> {
    try {
      return (await detectFormat(data instanceof Uint8Array ? bytesSource(data) : this.rangeSource(info)))
        .format;
    } catch (error) {
      if (FormatError.isInstance(error) || StorageError.isInstance(error)) return SerializationFormat.Binary;
      throw error;
    }
  }
}
