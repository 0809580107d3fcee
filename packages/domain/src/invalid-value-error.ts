const marker: unique symbol = Symbol.for('holdfast.invalid-value-error');

/** What was wrong with a value, and what would be right. */
export interface InvalidValueDetails {
  /** The field that holds the value, such as `sizeBytes` or `alias`. */
  readonly field: string;
  /** The value as it was given. Never a secret: domain values hold none. */
  readonly value: unknown;
  /** Why it was refused, as the end of the sentence "`field` …". */
  readonly reason: string;
  /** What to do instead. */
  readonly hint?: string | undefined;
}

/**
 * A value that the domain cannot hold. Thrown by every parser and factory of this package,
 * with the field that is to blame.
 *
 * Guard with {@link InvalidValueError.isInstance}: two copies of a package may meet in one process.
 */
export class InvalidValueError extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'InvalidValueError';
  readonly code = 'invalid-value';
  readonly field: string;
  readonly value: unknown;
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(details: InvalidValueDetails) {
    super(`${details.field} ${printable(details.value)} ${details.reason}`);
    this.field = details.field;
    this.value = details.value;
    this.reason = details.reason;
    this.hint = details.hint;
  }

  /** Whether a caught value is an `InvalidValueError`, whichever copy of this package made it. */
  static isInstance(error: unknown): error is InvalidValueError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

const longestShown = 80;

function printable(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : textOf(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** Some objects have no text. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}
