import type { Writable } from 'node:stream';

/** Notices that whoever reads our output has left, as `head` does: no error, only a reason to stop. */
export class ClosedPipe {
  readonly #controller = new AbortController();

  /** Other errors of the stream are left to whoever waits for what was written. */
  constructor(stream: Writable) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.#controller.abort(error);
    });
  }

  /** Aborted when nobody reads any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
}
