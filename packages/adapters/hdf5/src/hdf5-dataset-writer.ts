import { InvalidValueError } from '@holdfast/domain';
import {
  checkRank,
  checkShape,
  type ElementData,
  type ElementType,
  encodeElementType,
  type NewHdf5Dataset,
  type NewHdf5Storage,
  sizeOfType,
  whatIs,
} from '@holdfast/formats';
import { checkOptions } from './check-options.ts';
import { type CompressedChunks, compressChunks } from './compress-chunks.ts';
import type { Hdf5Threads } from './hdf5-threads.ts';
import { type NewAttributeValues, valuesOf } from './new-attributes.ts';
import { rowBytesOf } from './row-bytes-of.ts';

/** What a new dataset is. */
export interface NewDatasetOptions {
  readonly dtype: ElementType;
  /** The extents of one row. @default [] for single numbers */
  readonly rowShape?: readonly number[] | undefined;
  /** The number of rows, where it is known; exactly so many have to be appended. A plain dataset is contiguous then. */
  readonly rows?: number | undefined;
  /** The rows of a chunk. @default as many as make 1 MiB, where the dataset is chunked at all */
  readonly chunkRows?: number | undefined;
  /** Compresses chunks: the level of deflate, 0 to 9. */
  readonly gzip?: number | undefined;
  /** Puts the bytes of equal rank together before they are compressed. @default true with `gzip` */
  readonly shuffle?: boolean | undefined;
  /** Lets rows be appended later, by any program. @default false */
  readonly isResizable?: boolean | undefined;
  readonly attributes?: NewAttributeValues | undefined;
}

/** Where the bytes of a new file go. */
export interface ByteSink {
  /** @throws Hdf5Error when the file takes no more. */
  assertOpen(): void;
  /** Keeps room, and returns where. */
  reserve(sizeBytes: number): number;
  write(bytes: Uint8Array, position: number): Promise<void>;
  readonly threads: Hdf5Threads;
}

const chunkBytesWanted = 2 ** 20;
/** Below this it takes longer to wake a thread than to compress. */
const leastBytesForThreads = 2 ** 17;

const settings: readonly (keyof NewDatasetOptions)[] = [
  'dtype',
  'rowShape',
  'rows',
  'chunkRows',
  'gzip',
  'shuffle',
  'isResizable',
  'attributes',
];

interface ChunkRecord {
  readonly number: number;
  address: number;
  storedBytes: number;
  readonly mask: number;
}

/**
 * Rows of a new dataset, written as they come. Up to twice as many MiB, or chunks where they are larger, as there are
 * threads are compressed at a time; beside these one chunk is held.
 */
export class Hdf5DatasetWriter {
  readonly path: string;
  /** Those that it was given, as values. */
  readonly attributes: NewHdf5Dataset['attributes'];
  readonly #options: NewDatasetOptions;
  readonly #sink: ByteSink;
  readonly #type: Uint8Array;
  readonly #rowShape: readonly number[];
  readonly #rowBytes: number;
  /** Set where the dataset is chunked. */
  readonly #chunkRows: number | undefined;
  readonly #chunks: ChunkRecord[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #address = 0;
  #rowCount = 0;
  #pending = new Uint8Array(0);
  #pendingBytes = 0;
  #finishing: Promise<NewHdf5Dataset> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** @throws InvalidValueError for what cannot be. */
  constructor(path: string, options: NewDatasetOptions, sink: ByteSink) {
    checkOptions(options, settings);
    this.path = path;
    this.#options = options;
    this.#sink = sink;
    this.attributes = valuesOf(options.attributes);
    const type = encodeElementType(options.dtype);
    if (type === undefined) throw invalid('dtype', options.dtype, 'must be a type that HDF5 has a form for');
    this.#type = type;
    if (options.rowShape !== undefined) checkShape(options.rowShape, 'row');
    this.#rowShape = [...(options.rowShape ?? [])];
    checkRank([0, ...this.#rowShape], 'shape');
    this.#rowBytes = this.#rowShape.reduce((product, extent) => product * extent, sizeOfType(type));
    checkExtents(options, this.#rowBytes);
    const { rows, gzip, isResizable = false, chunkRows } = options;
    const isPlain = rows !== undefined && gzip === undefined && chunkRows === undefined && !isResizable;
    if (isPlain) this.#address = sink.reserve(rows * this.#rowBytes);
    else
      this.#chunkRows =
        chunkRows ?? Math.max(1, Math.min(rows || Infinity, Math.floor(chunkBytesWanted / this.#rowBytes)));
  }

  /** The rows so far. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /**
   * Appends whole rows. The data may be used again once this returns; the next call has to wait for it.
   *
   * @throws InvalidValueError for data of another type or of no whole rows, and more rows than `rows`; the system's error.
   */
  async append(data: ElementData): Promise<void> {
    this.#throwFailure();
    this.#sink.assertOpen();
    if (this.#finishing !== undefined)
      throw invalid('data', whatIs(data), `comes after ${this.path} was finished`);
    const { dtype } = this.#options;
    const bytes = rowBytesOf(data, { dtype, rowBytes: this.#rowBytes });
    const count = bytes.byteLength / this.#rowBytes;
    const { rows = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#rowCount + count > rows)
      throw invalid(
        'data',
        `${this.#rowCount + count} rows`,
        `must have the ${rows} rows that were announced in all`,
      );
    const position = this.#address + this.#rowCount * this.#rowBytes;
    this.#rowCount += count;
    if (this.#chunkRows === undefined) await this.#sink.write(bytes, position);
    else await this.#appendToChunks(bytes, this.#chunkRows * this.#rowBytes);
  }

  /**
   * Writes what is left and describes the dataset, which takes no more rows. The writer of the file does this for all of its
   * datasets.
   *
   * @throws InvalidValueError where rows are missing.
   */
  async finish(): Promise<NewHdf5Dataset> {
    const { rows = this.#rowCount } = this.#options;
    if (this.#rowCount !== rows)
      throw invalid('rows', this.#rowCount, `must be the ${rows} that were announced`);
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  async #finish(): Promise<NewHdf5Dataset> {
    const { isResizable = false } = this.#options;
    if (this.#pendingBytes > 0) {
      this.#pending.fill(0, this.#pendingBytes);
      await this.#chunksOf(this.#pending, this.#pending.length);
    }
    await Promise.all(this.#inFlight);
    this.#throwFailure();
    const shape = [this.#rowCount, ...this.#rowShape];
    const maxShape = isResizable ? [Number.POSITIVE_INFINITY, ...this.#rowShape] : undefined;
    const common = { kind: 'dataset', attributes: this.attributes, type: this.#type } as const;
    return { ...common, shape, maxShape, storage: this.#storage() };
  }

  /** Resolves when nothing is compressed or written any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  #storage(): NewHdf5Storage {
    if (this.#chunkRows === undefined)
      return { kind: 'contiguous', address: this.#address, sizeBytes: this.#rowCount * this.#rowBytes };
    const { gzip } = this.#options;
    const filters = { shuffle: this.#isShuffled, gzip };
    return { kind: 'chunked', chunk: [this.#chunkRows, ...this.#rowShape], filters, chunks: this.#chunks };
  }

  get #isShuffled(): boolean {
    const { gzip, shuffle: isAsked = gzip !== undefined } = this.#options;
    return isAsked && sizeOfType(this.#type) > 1;
  }

  async #appendToChunks(bytes: Uint8Array, chunkBytes: number): Promise<void> {
    let at = 0;
    if (this.#pendingBytes > 0) at = this.#fillPending(bytes, chunkBytes);
    if (this.#pendingBytes === chunkBytes) {
      await this.#chunksOf(this.#pending, this.#pending.length);
      this.#pendingBytes = 0;
    }
    const wholeBytes = Math.floor((bytes.length - at) / chunkBytes) * chunkBytes;
    if (wholeBytes > 0) await this.#chunksOf(bytes.subarray(at, at + wholeBytes), chunkBytes);
    if (at + wholeBytes < bytes.length) this.#fillPending(bytes.subarray(at + wholeBytes), chunkBytes);
  }

  #fillPending(bytes: Uint8Array, chunkBytes: number): number {
    if (this.#pending.length === 0) this.#pending = new Uint8Array(chunkBytes);
    const taken = Math.min(bytes.length, chunkBytes - this.#pendingBytes);
    this.#pending.set(bytes.subarray(0, taken), this.#pendingBytes);
    this.#pendingBytes += taken;
    return taken;
  }

  /** Writes whole chunks: those without filters at once, others when they are compressed. */
  async #chunksOf(bytes: Uint8Array, chunkBytes: number): Promise<void> {
    const isPlain = this.#options.gzip === undefined && !this.#isShuffled;
    if (isPlain) {
      const sizes = Array.from({ length: bytes.length / chunkBytes }, () => chunkBytes);
      await this.#store({ bytes, sizes }, this.#numbers(sizes.length));
      return;
    }
    const inJob = chunkBytes * Math.max(1, Math.floor(chunkBytesWanted / chunkBytes));
    for (let at = 0; at < bytes.length; at += inJob) {
      await this.#compress(bytes.slice(at, at + inJob), chunkBytes);
      this.#throwFailure();
    }
  }

  async #compress(bytes: Uint8Array, chunkBytes: number): Promise<void> {
    const { threads } = this.#sink;
    const shuffledBytes = this.#isShuffled ? sizeOfType(this.#type) : undefined;
    const job = { kind: 'compress', bytes, chunkBytes, shuffledBytes, level: this.#options.gzip } as const;
    const places = this.#numbers(bytes.length / chunkBytes);
    const isSmall = bytes.length < leastBytesForThreads;
    const compressed = isSmall ? Promise.resolve(compressChunks(job)) : threads.compress(job);
    const work = compressed
      .then((chunks) => this.#store(chunks, places))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      });
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work));
    if (this.#inFlight.size >= 2 * threads.count) await Promise.race(this.#inFlight);
  }

  async #store(
    { bytes, sizes }: Omit<CompressedChunks, 'bytes'> & { readonly bytes: Uint8Array },
    places: readonly ChunkRecord[],
  ): Promise<void> {
    const address = this.#sink.reserve(bytes.length);
    let at = 0;
    for (const [index, storedBytes] of sizes.entries()) {
      Object.assign(places[index] as ChunkRecord, { address: address + at, storedBytes });
      at += storedBytes;
    }
    await this.#sink.write(bytes, address);
  }

  /** Records of the next chunks, to be filled in. */
  #numbers(count: number): ChunkRecord[] {
    const records = Array.from({ length: count }, (_, index) => ({
      number: this.#chunks.length + index,
      address: 0,
      storedBytes: 0,
      mask: 0,
    }));
    for (const record of records) this.#chunks.push(record);
    return records;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function checkExtents({ rows, chunkRows, gzip, rowShape = [] }: NewDatasetOptions, rowBytes: number): void {
  if (rowBytes === 0 || rowShape.some((extent) => !Number.isSafeInteger(extent) || extent < 1))
    throw invalid('rowShape', rowShape.join(), 'must have extents of at least 1');
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows >= 0))
    throw invalid('rows', rows, 'must be a number of rows');
  if (chunkRows !== undefined && !(Number.isSafeInteger(chunkRows) && chunkRows >= 1))
    throw invalid('chunkRows', chunkRows, 'must be at least 1');
  if ((chunkRows ?? 1) * rowBytes >= 2 ** 32)
    throw invalid('chunkRows', chunkRows ?? 1, 'make a chunk of 4 GiB or more, which HDF5 has not');
  if (gzip !== undefined && !(Number.isInteger(gzip) && gzip >= 0 && gzip <= 9))
    throw invalid('gzip', gzip, 'must be a level from 0 to 9');
}

function invalid(field: string, value: unknown, reason: string): InvalidValueError {
  return new InvalidValueError({ field, value: whatIs(value), reason });
}
