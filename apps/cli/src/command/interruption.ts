const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * What happens when somebody asks the process to stop: the first time its signal aborts, so that
 * the work ends orderly and leaves nothing behind; the second time it ends at once.
 */
export class Interruption {
  readonly #process: NodeJS.Process;
  readonly #controller = new AbortController();
  #exitCode: number | undefined;

  constructor(process: NodeJS.Process) {
    this.#process = process;
    for (const name of Object.keys(exitCodes) as (keyof typeof exitCodes)[]) {
      process.on(name, () => this.#receive(exitCodes[name]));
    }
  }

  /** Aborted by the first interruption. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 and the number of the signal that was received; `undefined` while there was none. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Ends the process now. */
  leave(): void {
    this.#process.exit(this.#exitCode);
  }

  #receive(exitCode: number): void {
    if (this.#exitCode !== undefined) this.leave();
    this.#exitCode = exitCode;
    this.#controller.abort(new Error('The user interrupted.'));
  }
}
