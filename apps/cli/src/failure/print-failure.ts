import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import type { Failure } from './failure.ts';
import { suppressedFailure } from './suppressed-failure.ts';

const mostCauses = 10;

/**
 * Prints a failure: for people what failed, why and what to do, a line each (a list where there are several reasons), and
 * with `--verbose` the causes below; for scripts as one JSON object on standard error.
 */
export function printFailure(failure: Failure, error: unknown, output: Output): void {
  if (output.isJson) return output.complain(printJson(failure, error, output.isVerbose));
  const { messageStyle: style } = output;
  output.complain(`${style.bad('error:')} ${style.bold(oneLine(failure.outcome))}`);
  output.complain(`  ${oneLine(failure.message)}`);
  for (const entry of failure.list ?? []) output.complain(`  - ${oneLine(entry)}`);
  if (failure.hint !== undefined) output.complain(`  ${style.accent('→')} ${oneLine(failure.hint)}`);
  if (output.isVerbose) for (const cause of causesOf(error)) output.complain(style.dim(cause));
}

function printJson(failure: Failure, error: unknown, isVerbose: boolean): string {
  const { code, message, hint, exitCode, outcome, details } = failure;
  const causes = isVerbose ? { causes: causesOf(error) } : {};
  return JSON.stringify({ error: { code, message, hint, exitCode, outcome, ...details, ...causes } });
}

/** The error and everything that caused it, the outermost first. */
function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  let current = error;
  while (current !== undefined && causes.length < mostCauses) {
    const text = current instanceof Error ? (current.stack ?? current.message) : JSON.stringify(current);
    causes.push(causes.length === 0 ? text : `Caused by: ${text}`);
    current = causeOf(current);
  }
  return causes;
}

function causeOf(error: unknown): unknown {
  const suppressed = suppressedFailure(error);
  if (suppressed !== undefined) return suppressed.first;
  return error instanceof Error ? error.cause : undefined;
}

function oneLine(text: string): string {
  return plainText(text.replaceAll(/\s*\n\s*/g, ' '));
}
