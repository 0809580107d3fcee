import { constants } from 'node:os';

/** Remembers that the user wants to stop, so that nothing new is begun. */
export class Interruption {
  /** @type {number | undefined} */
  exitCode;

  constructor() {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        this.exitCode = 128 + constants.signals[signal];
      });
    }
  }
}
