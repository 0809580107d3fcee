import type { RequestFailure } from './request-failure.ts';

const longestWords = 300;

/** A failure that has no better explanation than the server's own, which is quoted. Secrets are masked where it is shown. */
export function withServerWords(failure: RequestFailure, words: string): RequestFailure {
  const line = words.split('\n', 1)[0]?.trim().replace(/\.$/, '') ?? '';
  if (line === '' || line.startsWith('<')) return failure;
  const shown = line.length > longestWords ? `${line.slice(0, longestWords)}…` : line;
  return { ...failure, what: `${failure.what}: ${shown}` };
}
