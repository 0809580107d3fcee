import type { StorageErrorCode } from '@holdfast/ports';

const marker: unique symbol = Symbol.for('holdfast.hdf5-error');

/** What failed, and where. */
export interface Hdf5ErrorDetails {
  readonly code: Hdf5ErrorCode;
  /** The path of the file. */
  readonly file: string;
  /** The path of the dataset or group within it. */
  readonly dataset?: string | undefined;
  /** The number of the chunk in the grid of its dataset, the last dimension fastest. */
  readonly chunk?: number | undefined;
  /** What is wrong, as one clause without a full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The ways in which work on an HDF5 file fails; they mean what they mean in `StorageError`. */
export type Hdf5ErrorCode = Extract<
  StorageErrorCode,
  | 'not-found'
  | 'already-exists'
  | 'permission-denied'
  | 'locked'
  | 'unsupported'
  | 'corrupt'
  | 'invalid-argument'
  | 'quota-exceeded'
  | 'unavailable'
  | 'unexpected'
>;

/**
 * The one error of HDF5 files. It names the file, and the dataset and the chunk where there is one.
 *
 * Guard with {@link Hdf5Error.isInstance}: two copies of this package may meet in one process.
 */
export class Hdf5Error extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'Hdf5Error';
  readonly code: Hdf5ErrorCode;
  readonly file: string;
  readonly dataset: string | undefined;
  readonly chunk: number | undefined;
  readonly reason: string;
  readonly hint: string | undefined;

  constructor({ code, file, dataset, chunk, reason, hint, cause }: Hdf5ErrorDetails) {
    const place = [file, dataset, chunk === undefined ? undefined : `chunk ${chunk}`];
    const where = place.filter((part) => part !== undefined).join(', ');
    super(`${where}: ${reason}.`, cause === undefined ? {} : { cause });
    this.code = code;
    this.file = file;
    this.dataset = dataset;
    this.chunk = chunk;
    this.reason = reason;
    this.hint = hint;
  }

  /** Whether a caught value is an `Hdf5Error`, whichever copy of this package made it; of one code, if given. */
  static isInstance(error: unknown, code?: Hdf5ErrorCode): error is Hdf5Error {
    const isMarked = typeof error === 'object' && error !== null && marker in error;
    return isMarked && (code === undefined || (error as Partial<Hdf5Error>).code === code);
  }
}
