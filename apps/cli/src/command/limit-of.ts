import type { Invocation } from './invocation.ts';
import { parseCount } from './parse-count.ts';

/** What `--limit` says. */
export function limitOf(invocation: Invocation): number | undefined {
  const text = invocation.text('limit');
  return text === undefined ? undefined : parseCount(text, { what: '--limit', least: 1 });
}
