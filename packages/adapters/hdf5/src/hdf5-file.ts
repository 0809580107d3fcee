import {
  type Hdf5Attribute,
  type Hdf5Dataset,
  type Hdf5Entry,
  type Hdf5File as Hdf5Structure,
  type Hdf5Group,
  type Hdf5Object,
  readHdf5,
  walkHdf5,
} from '@holdfast/formats';
import { LruCache } from '@holdfast/work';
import { Hdf5DatasetReader } from './hdf5-dataset-reader.ts';
import { Hdf5Error } from './hdf5-error.ts';
import { Hdf5Threads } from './hdf5-threads.ts';
import { inflateAtOnce } from './inflate-at-once.ts';
import { LocalSource } from './local-source.ts';
import { readByWasm } from './read-by-wasm.ts';
import { atPlace } from './to-hdf5-error.ts';

/** Settings of {@link Hdf5File.open}. */
export interface OpenHdf5Options {
  /** The most bytes of opened chunks that are kept, of all datasets together. @default 33554432 (32 MiB) */
  readonly cacheBytes?: number | undefined;
  /**
   * The most memory that threads inflate into, for each reading; at least that of one chunk is used.
   * @default 67108864 (64 MiB)
   */
  readonly bufferBytes?: number | undefined;
  /** The threads that inflate chunks. @default those that all files of the process share, one for each processor */
  readonly threads?: Hdf5Threads | undefined;
  readonly signal?: AbortSignal | undefined;
}

const mebibyte = 2 ** 20;

/**
 * An HDF5 file that is open for reading. Its bytes are read where they are asked for; nothing is read ahead.
 *
 * A file that is replaced while it is open is read as it was. Memory above that of the caller's is at most `cacheBytes`,
 * `bufferBytes` for each reading at the same time, 8 MiB of the file's own structure, and 40 bytes for each chunk of the
 * datasets that were read.
 */
export class Hdf5File implements AsyncDisposable {
  readonly #source: LocalSource;
  readonly #structure: Hdf5Structure;
  readonly #cache: LruCache<string, Uint8Array>;
  readonly #options: OpenHdf5Options;
  readonly #datasets = new Map<number, Hdf5DatasetReader>();

  private constructor(source: LocalSource, structure: Hdf5Structure, options: OpenHdf5Options) {
    this.#source = source;
    this.#structure = structure;
    this.#options = options;
    const mostBytes = options.cacheBytes ?? 32 * mebibyte;
    this.#cache = new LruCache({ mostBytes, bytesOf: (chunk) => chunk.byteLength });
  }

  /**
   * @throws Hdf5Error `not-found`, `permission-denied`, `invalid-argument` for a folder, and `corrupt` for what is no HDF5
   *   file or is cut short.
   */
  static async open(path: string, options: OpenHdf5Options = {}): Promise<Hdf5File> {
    const source = await LocalSource.open(path);
    try {
      options.signal?.throwIfAborted();
      const structure = await atPlace({ file: path }, () =>
        readHdf5(source, { inflate: inflateAtOnce, signal: options.signal }),
      );
      return new Hdf5File(source, structure, options);
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  }

  get path(): string {
    return this.#source.path;
  }

  /** The group that everything is in. */
  get root(): Hdf5Group {
    return this.#structure.root;
  }

  /** The attributes of the object at a path. @throws Hdf5Error `not-found`, `corrupt`. */
  attributes(path = '/'): Promise<readonly Hdf5Attribute[]> {
    return this.#at(path, async () => (await this.#object(path)).attributes());
  }

  /** The dataset at a path, such as `train/signals`. @throws Hdf5Error `not-found`, `corrupt`, `invalid-argument` for a group. */
  dataset(path: string): Promise<Hdf5DatasetReader> {
    return this.#at(path, async () => {
      const object = await this.#object(path);
      if (object.kind !== 'dataset')
        throw this.#failure(path, 'invalid-argument', `is a ${object.kind}, not a dataset`);
      const reader = this.#datasets.get(object.address) ?? this.#reader(object);
      this.#datasets.set(object.address, reader);
      return reader;
    });
  }

  /** Every name in the file, each object once. @throws Hdf5Error `corrupt`. */
  async *entries(): AsyncGenerator<Hdf5Entry> {
    const entries = walkHdf5(this.root);
    for (;;) {
      const next = await atPlace({ file: this.path }, () => entries.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** Closes the file. Readings must have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#datasets.clear();
    await this.#source[Symbol.asyncDispose]();
  }

  async #object(path: string): Promise<Hdf5Object> {
    const object = await this.root.open(path);
    if (object === undefined) throw this.#failure(path, 'not-found', 'the file has no object of this name');
    return object;
  }

  #reader(dataset: Hdf5Dataset): Hdf5DatasetReader {
    const { threads = Hdf5Threads.shared(), bufferBytes = 64 * mebibyte } = this.#options;
    return new Hdf5DatasetReader(dataset, {
      source: this.#source,
      cache: this.#cache,
      name: String(dataset.address),
      threads,
      bufferBytes,
      fallback: (path, options) => readByWasm(this.path, path, options),
    });
  }

  #at<T>(dataset: string, work: () => Promise<T>): Promise<T> {
    return atPlace({ file: this.path, dataset }, work);
  }

  #failure(dataset: string, code: 'not-found' | 'invalid-argument', reason: string): Hdf5Error {
    return new Hdf5Error({ code, file: this.path, dataset, reason });
  }
}
