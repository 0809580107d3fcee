import type { SerializationFormat } from '@holdfast/domain';

const marker: unique symbol = Symbol.for('holdfast.format-error');

/** What is wrong with the bytes, and where. */
export interface FormatErrorDetails {
  /** The format that the bytes claim, or were said, to be in. */
  readonly format: SerializationFormat;
  /** Zero-based byte offset in the file where it is wrong; the file's size when it ends too early. */
  readonly offset: number;
  /** What is wrong there, as one clause without a full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The file within a folder, when a folder was read. */
  readonly path?: string | undefined;
  /** The bytes may be right: it is this that is not read. @default false */
  readonly isUnsupported?: boolean | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * The bytes are meant to be in a format and break its rules: cut short, corrupt, or larger than
 * what is read safely. Bytes that are simply in another format are no error.
 *
 * Guard with {@link FormatError.isInstance}: two copies of this package may meet in one process.
 */
export class FormatError extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'FormatError';
  readonly code = 'invalid-format';
  readonly format: SerializationFormat;
  readonly offset: number;
  readonly reason: string;
  readonly hint: string | undefined;
  readonly path: string | undefined;
  /** The bytes may be right: it is this that is not read. */
  readonly isUnsupported: boolean;

  constructor(details: FormatErrorDetails) {
    const place = details.path === undefined ? '' : ` in ${details.path}`;
    const what =
      details.isUnsupported === true
        ? `${details.format}${place}`
        : `Not valid ${details.format}${place} at byte ${details.offset}`;
    super(`${what}: ${details.reason}`, { cause: details.cause });
    this.format = details.format;
    this.offset = details.offset;
    this.reason = details.reason;
    this.hint = details.hint;
    this.path = details.path;
    this.isUnsupported = details.isUnsupported ?? false;
  }

  /** Whether a caught value is a `FormatError`, whichever copy of this package made it. */
  static isInstance(error: unknown): error is FormatError {
    return typeof error === 'object' && error !== null && marker in error;
  }

  /** The same error, with the file of a folder that it was found in, or the format that was read. */
  with(place: { readonly path?: string; readonly format?: SerializationFormat }): FormatError {
    const { format, offset, reason, hint, path, isUnsupported } = this;
    return new FormatError({
      format,
      offset,
      reason,
      isUnsupported,
      cause: this,
      ...(hint === undefined ? {} : { hint }),
      ...(path === undefined ? {} : { path }),
      ...place,
    });
  }
}
