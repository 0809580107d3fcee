const marker: unique symbol = Symbol.for('holdfast.signal-error');

/** What kind of failure a {@link SignalError} is. */
export type SignalErrorCode =
  /** The file has no array that could be a signal, or none of the name or the channel that was asked for. */
  | 'no-signal'
  /** Several arrays could be the signal, and strictness forbids to choose. */
  | 'ambiguous-signal'
  /** A recording lacks what a schema asks for. */
  | 'incomplete-recording';

/** A file whose content is read, and is not the signal that was asked for. */
export class SignalError extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'SignalError';
  readonly code: SignalErrorCode;
  /** What to do, as a sentence. */
  readonly hint: string | undefined;

  constructor(code: SignalErrorCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  /** Whether a caught value is a `SignalError`, whichever copy of this package made it. */
  static isInstance(error: unknown): error is SignalError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
