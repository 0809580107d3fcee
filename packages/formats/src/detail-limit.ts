import type { SerializationFormat } from '@holdfast/domain';

const marker: unique symbol = Symbol.for('holdfast.detail-limit');

/** Which limit of Holdfast's own was reached. */
export interface DetailLimitDetails {
  /** What was not read, as one clause without a full stop. */
  readonly reason: string;
  /** The format, where the bytes before the limit leave no doubt about it. */
  readonly format?: SerializationFormat | undefined;
}

/**
 * A reader stopped at a limit of Holdfast's own, or at something newer than it knows. Nothing is
 * wrong with the bytes: the catalog turns it into a warning and describes the file in less detail.
 * A handler throws it; no caller of the catalog ever catches it.
 */
export class DetailLimit extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'DetailLimit';
  readonly reason: string;
  readonly format: SerializationFormat | undefined;

  constructor(details: DetailLimitDetails) {
    super(details.reason);
    this.reason = details.reason;
    this.format = details.format;
  }

  /** The same limit, met where the format is beyond doubt. */
  in(format: SerializationFormat): DetailLimit {
    return new DetailLimit({ reason: this.reason, format });
  }

  /** Whether a caught value is a `DetailLimit`, whichever copy of this package made it. */
  static isInstance(error: unknown): error is DetailLimit {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
