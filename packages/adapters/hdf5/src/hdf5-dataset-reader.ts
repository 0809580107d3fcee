import { InvalidValueError } from '@holdfast/domain';
import {
  type ElementData,
  type ElementType,
  type Hdf5Attribute,
  type Hdf5Dataset,
  type Hdf5ReadOptions,
  type Hdf5Storage,
  type Hdf5Type,
  hostByteOrder,
  type NumericArray,
  type Value,
  whatIs,
} from '@holdfast/formats';
import { checkOptions } from './check-options.ts';
import { ChunkError } from './chunk-error.ts';
import { ChunkLoader, type ChunkLoaderOptions } from './chunk-loader.ts';
import { ChunkedRows } from './chunked-rows.ts';
import { type ElementTarget, elementTarget, fromByteOrder } from './element-target.ts';
import { Hdf5Error } from './hdf5-error.ts';
import { PlainRows } from './plain-rows.ts';
import { toHdf5Error } from './to-hdf5-error.ts';

/** Settings of one reading of numbers. */
export interface ReadRowsOptions {
  /**
   * Memory for the elements: a typed array of the type of the dataset, with exactly as many entries as are read. Memory
   * that is used again is 4 to 7 times as fast as new. @default new
   */
  readonly into?: ElementData | undefined;
  /** Gives up at the next piece. */
  readonly signal?: AbortSignal | undefined;
}

/** What a dataset is read with. */
export interface DatasetReaderOptions extends ChunkLoaderOptions {
  /** Reads what is not read here, with another library. */
  readonly fallback: (path: string, options: Hdf5ReadOptions) => Promise<Value>;
}

const settings: readonly (keyof ReadRowsOptions)[] = ['into', 'signal'];

type Rows = PlainRows | ChunkedRows | { readonly memory: Uint8Array };

interface Opened {
  readonly rows: Rows;
  readonly rowBytes: number;
  readonly dtype: ElementType;
  readonly isForeign: boolean;
}

/**
 * A dataset of an open file. Its rows are the entries of its first dimension; a scalar is one row.
 *
 * Rows of numbers are read straight into the target where no filter has to be undone, and through a cache of chunks
 * elsewhere, by several threads where that is quicker. A long read gives other work of the process its turn every 10 ms.
 */
export class Hdf5DatasetReader {
  readonly #dataset: Hdf5Dataset;
  readonly #options: DatasetReaderOptions;
  readonly #rowShape: readonly number[];
  #opening: Promise<Opened> | undefined;
  #opened: Opened | undefined;

  constructor(dataset: Hdf5Dataset, options: DatasetReaderOptions) {
    this.#dataset = dataset;
    this.#options = options;
    this.#rowShape = [...dataset.shape.slice(1), ...arrayDims(dataset.type)];
  }

  /** What the file says of it: type, extents, chunks, filters. */
  get description(): Hdf5Dataset {
    return this.#dataset;
  }

  get path(): string {
    return this.#dataset.path;
  }

  get shape(): readonly number[] {
    return this.#dataset.shape;
  }

  /** The type of its numbers; `undefined` for other elements, which {@link readValue} reads. */
  get dtype(): ElementType | undefined {
    return this.#dataset.dtype;
  }

  /** The number of rows. */
  get rowCount(): number {
    return this.#dataset.isNull ? 0 : (this.#dataset.shape[0] ?? 1);
  }

  /** @throws Hdf5Error `corrupt`. */
  attributes(): Promise<readonly Hdf5Attribute[]> {
    return this.#attempt(() => this.#dataset.attributes());
  }

  /**
   * Reads the whole dataset.
   *
   * @throws Hdf5Error `unsupported` for elements that are no numbers, `corrupt`, `invalid-argument` for memory that does not
   *   fit; the signal's reason.
   */
  async read(options: ReadRowsOptions = {}): Promise<NumericArray> {
    const value = await this.readRows(0, this.rowCount, options);
    return { ...value, shape: this.#dataset.shape.length === 0 ? this.#rowShape : value.shape };
  }

  /** Reads rows that follow each other. @throws as {@link read} does. */
  async readRows(start: number, count: number, options: ReadRowsOptions = {}): Promise<NumericArray> {
    const { rowCount } = this;
    return this.#attempt(async () => {
      checkOptions(options, settings);
      options.signal?.throwIfAborted();
      if (!isIndex(start, rowCount + 1)) throw outside('start', start, `of the ${rowCount} rows`);
      const left = rowCount - start;
      if (!isIndex(count, left + 1)) throw outside('count', count, `of the ${left} rows from ${start} on`);
      const { rows, dtype, rowBytes, isForeign } = this.#opened ?? (await this.#open());
      const target = this.#target(dtype, count, options);
      const { bytes } = target;
      if (bytes.byteLength > 0) {
        if (rows instanceof PlainRows) await rows.rows(start, bytes, options.signal);
        else if (rows instanceof ChunkedRows)
          await rows.rows(start, bytes, { count, signal: options.signal });
        else bytes.set(rows.memory.subarray(start * rowBytes, start * rowBytes + bytes.byteLength));
        if (isForeign) fromByteOrder(dtype, bytes);
      }
      return this.#array(dtype, [count, ...this.#rowShape], target);
    });
  }

  /** Reads one row; its shape is that of the dataset without the first dimension. @throws as {@link read} does. */
  async readRow(row: number, options: ReadRowsOptions = {}): Promise<NumericArray> {
    const opened = this.#opened;
    if (opened === undefined || !(opened.rows instanceof PlainRows) || !isIndex(row, this.rowCount)) {
      const value = await this.readBatch([row], options);
      return { ...value, shape: this.#rowShape };
    }
    try {
      checkOptions(options, settings);
      options.signal?.throwIfAborted();
      const target = this.#target(opened.dtype, 1, options);
      opened.rows.row(row, target.bytes);
      if (opened.isForeign) fromByteOrder(opened.dtype, target.bytes);
      return this.#array(opened.dtype, this.#rowShape, target);
    } catch (error) {
      throw this.#error(error);
    }
  }

  /** Reads rows in any order, the same one more than once if asked. @throws as {@link read} does. */
  async readBatch(rows: ArrayLike<number>, options: ReadRowsOptions = {}): Promise<NumericArray> {
    const { rowCount } = this;
    return this.#attempt(async () => {
      checkOptions(options, settings);
      options.signal?.throwIfAborted();
      if (typeof rows !== 'object' || rows === null || !isIndex(rows.length, Number.MAX_SAFE_INTEGER))
        throw new InvalidValueError({
          field: 'rows',
          value: whatIs(rows),
          reason: 'must be an array of rows',
        });
      for (let index = 0; index < rows.length; index += 1)
        if (!isIndex(rows[index], rowCount)) throw outside('row', rows[index], `of the ${rowCount} rows`);
      const opened = this.#opened ?? (await this.#open());
      const target = this.#target(opened.dtype, rows.length, options);
      if (target.bytes.byteLength > 0) {
        await this.#batch(opened, rows, { bytes: target.bytes, signal: options.signal });
        if (opened.isForeign) fromByteOrder(opened.dtype, target.bytes);
      }
      return this.#array(opened.dtype, [rows.length, ...this.#rowShape], target);
    });
  }

  /**
   * Reads elements of any type, all or a box of them: texts, tables, sequences. What the layout reader does not know
   * (virtual datasets, some filters and types) is read by h5wasm, which is loaded for it.
   *
   * @throws Hdf5Error `unsupported` where neither reads it, `corrupt`, `invalid-argument` for a box that does not fit.
   */
  readValue(options: Hdf5ReadOptions = {}): Promise<Value> {
    return this.#attempt(async () => {
      try {
        return await this.#dataset.read(options);
      } catch (error) {
        const translated = this.#error(error);
        const isUnsupported = Hdf5Error.isInstance(translated, 'unsupported');
        if (!isUnsupported || this.#dataset.layout === 'external') throw error;
        return await this.#options.fallback(this.path, options).catch(() => {
          throw error;
        });
      }
    });
  }

  async #open(): Promise<Opened> {
    this.#opening ??= this.#dataset.locate().then((storage) => this.#openedOf(storage));
    this.#opened = await this.#opening;
    return this.#opened;
  }

  #openedOf(storage: Hdf5Storage): Opened {
    const { dtype, byteOrder, itemBytes } = storage;
    const { shape, isNull } = this.#dataset;
    const { source } = this.#options;
    const rowBytes = itemBytes * product(shape.slice(1));
    if (dtype === undefined || isNull) {
      const reason = isNull
        ? 'the dataset is empty'
        : `elements of the type ${this.#dataset.typeText} are not numbers`;
      throw this.#failure('unsupported', reason, 'Read it with readValue.');
    }
    const plain = PlainRows.of(storage, shape, { source, rowBytes });
    if (plain !== undefined) return { rows: plain, rowBytes, dtype, isForeign: byteOrder !== hostByteOrder };
    const rows =
      storage.kind === 'chunked'
        ? new ChunkedRows(storage, shape, new ChunkLoader(storage, this.#options))
        : { memory: storage.kind === 'memory' ? storage.bytes : new Uint8Array(0) };
    return { rows, rowBytes, dtype, isForeign: byteOrder !== hostByteOrder };
  }

  async #batch(
    { rows, rowBytes }: Opened,
    wanted: ArrayLike<number>,
    to: { readonly bytes: Uint8Array; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    if (rows instanceof ChunkedRows) return rows.batch(wanted, to.bytes, to.signal);
    if (rows instanceof PlainRows) return rows.batch(wanted, to.bytes, to.signal);
    for (let index = 0; index < wanted.length; index += 1) {
      const start = (wanted[index] ?? 0) * rowBytes;
      to.bytes.set(rows.memory.subarray(start, start + rowBytes), index * rowBytes);
    }
  }

  #target(dtype: ElementType, rowCount: number, { into }: ReadRowsOptions): ElementTarget {
    return elementTarget(dtype, rowCount * product(this.#rowShape), into);
  }

  #array(dtype: ElementType, shape: readonly number[], { data }: ElementTarget): NumericArray {
    return { kind: 'numeric', dtype, shape, order: 'row-major', data };
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#error(error);
    }
  }

  #error(error: unknown): unknown {
    const place = { file: this.#options.source.path, dataset: this.path };
    const isOfChunk = error instanceof ChunkError;
    const translated = isOfChunk
      ? toHdf5Error(error.cause, { ...place, chunk: error.chunk })
      : toHdf5Error(error, place);
    if (!Hdf5Error.isInstance(translated, 'corrupt') || !this.#options.source.isChanged()) return translated;
    const { chunk } = translated;
    const reason = 'the file was changed by another process while it was open';
    const hint =
      'Open it again when its writer has closed it. Holdfast itself replaces files and never changes them.';
    return new Hdf5Error({ ...place, chunk, code: 'unavailable', reason, hint, cause: error });
  }

  #failure(code: 'unsupported', reason: string, hint: string): Hdf5Error {
    return new Hdf5Error({ code, file: this.#options.source.path, dataset: this.path, reason, hint });
  }
}

function arrayDims(type: Hdf5Type): readonly number[] {
  return type.class === 'array' ? [...type.dims, ...arrayDims(type.base)] : [];
}

function product(extents: readonly number[]): number {
  return extents.reduce((total, extent) => total * extent, 1);
}

function isIndex(value: unknown, end: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < end;
}

function outside(field: string, value: unknown, rows: string): InvalidValueError {
  return new InvalidValueError({
    field,
    value: whatIs(value),
    reason: `must be a whole number inside ${rows}`,
  });
}
