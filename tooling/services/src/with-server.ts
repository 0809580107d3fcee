import { test } from 'vitest';

/**
 * Registers tests that need a server. Where it is missing, which has been said already, one skipped test takes their place.
 */
export function withServer<T>(opened: T | undefined, register: (server: T) => void): void {
  if (opened === undefined) test.skip('needs a server that is missing', () => undefined);
  else register(opened);
}
