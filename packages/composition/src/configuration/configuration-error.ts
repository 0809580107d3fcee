import type { ConfigurationIssue } from '@holdfast/contracts';

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

  constructor(issues: readonly LocatedConfigurationIssue[], options: ErrorOptions = {}) {
    super(printIssues(issues), options);
    this.issues = issues;
  }

  /** Whether a caught value is a `ConfigurationError`, whichever copy of this package made it. */
  static isInstance(error: unknown): error is ConfigurationError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

function printIssues(issues: readonly LocatedConfigurationIssue[]): string {
  const [only] = issues;
  if (only !== undefined && issues.length === 1) return printIssue(only);
  return [`${issues.length} things are wrong with the configuration:`, ...issues.map(printIssue)].join(
    '\n  ',
  );
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
  return `${place}: ${sentence}${allowed.length === 0 ? '' : ` (allowed: ${allowed.join(', ')})`}`;
}
