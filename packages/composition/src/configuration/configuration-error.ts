import { type ConfigurationIssue, nearestSpellings } from '@holdfast/contracts';

/** More than these are no longer a list that is read. */
const mostAllowed = 12;
const nearCount = 4;

const marker: unique symbol = Symbol.for('holdfast.configuration-error');

/** One thing that is wrong with the configuration, and where it was said. */
export interface LocatedConfigurationIssue extends ConfigurationIssue {
  /** `default`, `file:PATH:LINE`, `environment:NAME` or `flag:--NAME`. */
  readonly source: string;
  /** The file, where it was said in one. */
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
}

/**
 * A configuration that cannot be used, with everything that is wrong with it.
 *
 * Guard with {@link ConfigurationError.isInstance}: two copies of a package may meet in one process.
 */
export class ConfigurationError extends Error {
  static {
    Object.defineProperty(this.prototype, marker, { value: true });
  }

  override readonly name = 'ConfigurationError';
  readonly code = 'invalid-configuration';
  readonly issues: readonly LocatedConfigurationIssue[];
  /** Every issue as a line for people. */
  readonly lines: readonly string[];
  /** What to do, where it is not to correct the configuration. */
  readonly hint: string | undefined;

  constructor(
    issues: readonly LocatedConfigurationIssue[],
    options: ErrorOptions & { readonly hint?: string } = {},
  ) {
    const lines = issues.map(printIssue);
    super(
      lines.length === 1
        ? lines[0]
        : [`The configuration has ${lines.length} errors:`, ...lines].join('\n  '),
      options,
    );
    this.issues = issues;
    this.lines = lines;
    this.hint = options.hint;
  }

  /** Whether a caught value is a `ConfigurationError`, whichever copy of this package made it. */
  static isInstance(error: unknown): error is ConfigurationError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

function printIssue({
  file,
  line,
  column,
  source,
  path,
  value,
  message,
  allowed = [],
}: LocatedConfigurationIssue): string {
  const place =
    file === undefined ? source.replace(/^\w+:/, '') : [file, line, column].filter(Boolean).join(':');
  const sentence = [path, value, message].filter(Boolean).join(' ');
  return `${place}: ${sentence}${printAllowed(path, allowed)}`;
}

/** Of a long list only what is spelt most like the path is worth reading. */
function printAllowed(path: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return '';
  if (allowed.length <= mostAllowed) return ` (allowed: ${allowed.join(', ')})`;
  const near = nearestSpellings(path, allowed, nearCount);
  return ` (nearest: ${near.join(', ')}; ${allowed.length - near.length} more in holdfast config schema)`;
}
