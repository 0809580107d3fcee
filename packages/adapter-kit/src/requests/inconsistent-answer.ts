import { RequestFailureError } from './request-failure.ts';

/** An answer that looks like success and is not whole, or contradicts itself or the request. */
export function inconsistentAnswer(what: string): RequestFailureError {
  return new RequestFailureError({
    code: 'unexpected',
    what,
    hint: 'Look for a proxy between here and the store that changes what passes, or use a server that keeps to its protocol.',
    mayHaveHappened: true,
  });
}
