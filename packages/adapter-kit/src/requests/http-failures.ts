import type { RequestFailure } from './request-failure.ts';

type HttpFailure =
  | 'notModified'
  | 'otherState'
  | 'noSuchRange'
  | 'tooSlow'
  | 'busy'
  | 'broken'
  | 'otherBytes';

/** What every cloud says no with, whatever it calls it. */
export const httpFailures: Readonly<Record<HttpFailure, RequestFailure>> = {
  notModified: { code: 'not-modified', what: 'the object is still in that state' },
  otherState: { code: 'precondition-failed', what: 'the object is in another state' },
  noSuchRange: { code: 'range-not-satisfiable', what: 'the object has no such range' },
  tooSlow: { code: 'timeout', what: 'the server took the request for too slow', isTemporary: true },
  busy: { code: 'rate-limited', what: 'the server asks to go slower', isTemporary: true },
  broken: { code: 'unavailable', what: 'the server failed', isTemporary: true, mayHaveHappened: true },
  otherBytes: {
    code: 'checksum-mismatch',
    what: 'other bytes arrived than were sent',
    hint: 'Look for a proxy between here and the store that changes what passes.',
    isTemporary: true,
  },
};

/** What the header `Retry-After` asks for: seconds, or a date. */
export function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const durationMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now();
  return durationMs > 0 ? durationMs : undefined;
}
