import { redactSecrets } from './redact-secrets.ts';

const deepest = 5;

/**
 * A client's error, reduced to what may be shown: name, message, stack and code, without secrets. Clients hang
 * whole requests on their errors, with signed headers, and whoever logs an error logs its causes.
 */
export function safeCause(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redactSecrets(error) : undefined;
  const nested =
    error.cause === undefined || depth >= deepest ? undefined : safeCause(error.cause, depth + 1);
  const message = withoutPage(error.message);
  const safe = new Error(redactSecrets(message), nested === undefined ? {} : { cause: nested });
  safe.name = error.name;
  if (error.stack !== undefined)
    safe.stack = redactSecrets(error.stack.replace(error.message, () => message));
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? Object.assign(safe, { code: redactSecrets(code) }) : safe;
}

/** Some clients take a whole page for the message: what a proxy says back is anybody's guess. */
function withoutPage(message: string): string {
  return /^\s*[<{[]|<(?:!doctype|html)/i.test(message)
    ? `an answer of ${message.length} characters`
    : message;
}
