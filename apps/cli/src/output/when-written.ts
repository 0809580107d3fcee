import type { Writable } from 'node:stream';

/**
 * Waits until everything written to a stream so far is on its way, or the signal says stop.
 *
 * @throws the stream's error, such as a full disk.
 */
export function whenWritten(stream: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    stream.write('', (error) => (error instanceof Error ? reject(error) : resolve()));
  });
}
