import {
  encodeElements,
  encodeHdf5,
  type NewHdf5Dataset,
  NewHdf5Tree,
  superblockBytes,
  type Value,
} from '@holdfast/formats';
import { Hdf5DatasetWriter, type NewDatasetOptions } from './hdf5-dataset-writer.ts';
import { Hdf5Error } from './hdf5-error.ts';
import { Hdf5Threads } from './hdf5-threads.ts';
import { type NewAttributeValues, valuesOf } from './new-attributes.ts';
import { NewFile, type WriteHdf5Options } from './new-file.ts';
import { atPlace, toHdf5Error } from './to-hdf5-error.ts';

/** Holds the place of a dataset until its rows are known. */
const announced: NewHdf5Dataset = {
  kind: 'dataset',
  attributes: new Map(),
  type: new Uint8Array(0),
  shape: [],
  storage: { kind: 'contiguous', address: 0, sizeBytes: 0 },
};

/** Settings of {@link Hdf5Writer.create}. */
export interface CreateHdf5Options extends WriteHdf5Options {
  /** The threads that compress chunks. @default those that all files of the process share, one for each processor */
  readonly threads?: Hdf5Threads | undefined;
}

/**
 * Writes a new HDF5 file: groups, attributes, values, and datasets whose rows come piece by piece. Chunks are compressed by
 * several threads and appended; the structure is written last. The file takes its place when {@link finish} has brought
 * it to the disk: until then, and when the writer is disposed or killed before, what had its name stays.
 *
 * Every version of the HDF5 library reads the file.
 */
export class Hdf5Writer implements AsyncDisposable {
  readonly #file: NewFile;
  readonly #threads: Hdf5Threads;
  readonly #tree = new NewHdf5Tree();
  readonly #datasets = new Map<string, Hdf5DatasetWriter>();
  #next = superblockBytes;
  #isEnded = false;

  private constructor(file: NewFile, threads: Hdf5Threads) {
    this.#file = file;
    this.#threads = threads;
  }

  /**
   * Begins a file, when no other process writes it.
   *
   * @throws Hdf5Error `already-exists`, `locked` after `waitMs`, `permission-denied`, `not-found` where there is no folder.
   */
  static async create(path: string, options: CreateHdf5Options = {}): Promise<Hdf5Writer> {
    const file = await NewFile.begin(path, options);
    try {
      await file.open();
      return new Hdf5Writer(file, options.threads ?? Hdf5Threads.shared());
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Makes a group where none is, with those on the way, and gives it attributes; `/` is the root.
   *
   * @throws Hdf5Error `invalid-argument` for a path where a dataset is, and for an attribute that cannot be stored.
   */
  group(path: string, attributes?: NewAttributeValues): void {
    this.#at(path, () => this.#tree.group(path, valuesOf(attributes)));
  }

  /**
   * Begins a dataset of numbers; groups on the way are made.
   *
   * @throws Hdf5Error `invalid-argument` for a path that is taken, for an attribute that cannot be stored, and for what cannot
   *   be.
   */
  dataset(path: string, options: NewDatasetOptions): Hdf5DatasetWriter {
    return this.#at(path, () => {
      const writer = new Hdf5DatasetWriter(path, options, {
        threads: this.#threads,
        assertOpen: () => this.#assertOpen(),
        reserve: (sizeBytes) => this.#reserve(sizeBytes),
        write: (bytes, position) =>
          atPlace({ file: this.#file.path, dataset: path }, () => this.#file.write(bytes, position)),
      });
      this.#tree.dataset(path, { ...announced, attributes: writer.attributes });
      this.#datasets.set(path, writer);
      return writer;
    });
  }

  /**
   * Writes a value as it is: numbers, texts, bytes, or a table of these.
   *
   * @throws Hdf5Error `invalid-argument` for what is not a whole value, such as data of another length or type than its shape
   *   and dtype need, for a value or an attribute that has no form in HDF5, and for a path that is taken; `quota-exceeded`.
   */
  async write(path: string, value: Value, attributes?: NewAttributeValues): Promise<void> {
    await atPlace({ file: this.#file.path, dataset: path }, async () => {
      this.#assertOpen();
      this.#tree.assertFree(path);
      const own = valuesOf(attributes);
      const { type, shape, bytes, heap } = encodeElements(value, this.#next);
      const heapAddress = this.#reserve(heap.length);
      const address = this.#reserve(bytes.length);
      const storage = { kind: 'contiguous', address, sizeBytes: bytes.length } as const;
      this.#tree.dataset(path, { kind: 'dataset', attributes: own, type, shape, storage });
      await this.#file.write(heap, heapAddress);
      await this.#file.write(bytes, address);
    });
  }

  /**
   * Writes the structure, syncs the file and gives it its name. Nothing can be written afterwards.
   *
   * @throws Hdf5Error `invalid-argument` where rows are missing, `already-exists` where another file took the name,
   *   `quota-exceeded`.
   */
  async finish(): Promise<void> {
    const { path: file } = this.#file;
    await atPlace({ file }, () => this.#assertOpen());
    for (const [path, writer] of this.#datasets) {
      const place = { file, dataset: path };
      await atPlace(place, async () => this.#tree.complete(path, await writer.finish()));
    }
    this.#datasets.clear();
    await atPlace({ file }, async () => {
      const { structure, superblock } = encodeHdf5(this.#tree.root, this.#next);
      await this.#file.write(structure, this.#next);
      await this.#file.write(superblock, 0);
      await this.#file.publish();
      this.#isEnded = true;
    });
    await this.#file[Symbol.asyncDispose]();
  }

  /** Gives up what was not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    await Promise.allSettled([...this.#datasets.values()].map((writer) => writer.settled()));
    await this.#file[Symbol.asyncDispose]();
  }

  #assertOpen(): void {
    if (!this.#isEnded) return;
    const reason = 'the writer was finished or disposed, and nothing can be written any more';
    const hint =
      "Begin another with Hdf5Writer.create(path, { mode: 'replace' }), or change the file with editHdf5.";
    throw new Hdf5Error({ code: 'invalid-argument', file: this.#file.path, reason, hint });
  }

  #reserve(sizeBytes: number): number {
    const address = this.#next;
    this.#next += sizeBytes + (-sizeBytes & 7);
    return address;
  }

  #at<T>(dataset: string, work: () => T): T {
    try {
      this.#assertOpen();
      return work();
    } catch (error) {
      throw toHdf5Error(error, { file: this.#file.path, dataset });
    }
  }
}
