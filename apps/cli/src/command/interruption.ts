import { constants } from 'node:os';

const signalNames = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type SignalName = (typeof signalNames)[number];

/** A process group and a parent that passes signals on deliver one wish twice, this close together. */
const momentMs = 200;

/** How long orderly work may take when the system does not answer: a second is promised. */
const patienceMs = 900;

/** What a thread that waits for a system call shows up as. A process cannot exit by itself before it ends. */
const blockingRequests: ReadonlySet<string> = new Set([
  'FSReqPromise',
  'FSReqCallback',
  'GetAddrInfoReqWrap',
]);

export interface InterruptionOptions {
  /** Milliseconds from any beginning. @default performance.now */
  readonly now?: () => number;
}

/**
 * What happens when the process is asked to stop: the first time its signal aborts, so that
 * the work ends orderly and leaves nothing behind; the second time it ends at once.
 */
export class Interruption {
  readonly #process: NodeJS.Process;
  readonly #now: () => number;
  readonly #controller = new AbortController();
  #received: { readonly name: SignalName; readonly atMs: number } | undefined;

  constructor(process: NodeJS.Process, { now = () => performance.now() }: InterruptionOptions = {}) {
    this.#process = process;
    this.#now = now;
    for (const name of signalNames) process.on(name, () => this.#receive(name));
  }

  /** Aborted by the first interruption. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 and the number of the signal that was received; `undefined` while there was none. */
  get exitCode(): number | undefined {
    return this.#received === undefined ? undefined : 128 + constants.signals[this.#received.name];
  }

  /** Ends the process after orderly work, when the last requests to the system have had time to end. */
  end(): void {
    const { atMs } = this.#received ?? { atMs: 0 };
    if (this.#isBlocked() && this.#now() - atMs < patienceMs) setTimeout(() => this.end(), 10);
    else this.leave();
  }

  /** Ends the process now, also while a system call does not return. */
  leave(): void {
    if (this.#received !== undefined && this.#isBlocked()) this.#die(this.#received.name);
    this.#process.exit(this.exitCode);
  }

  #receive(name: SignalName): void {
    const atMs = this.#now();
    if (this.#received !== undefined) {
      if (atMs - this.#received.atMs >= momentMs) this.leave();
      return;
    }
    this.#received = { name, atMs };
    this.#controller.abort(new Error('The user interrupted.'));
    setTimeout(() => {
      if (this.#isBlocked()) this.leave();
    }, patienceMs).unref();
  }

  #isBlocked(): boolean {
    return this.#process.getActiveResourcesInfo().some((resource) => blockingRequests.has(resource));
  }

  /** The system ends a process by a signal that nothing handles without waiting for its threads. */
  #die(name: SignalName): void {
    this.#process.removeAllListeners(name);
    this.#process.kill(this.#process.pid, name);
  }
}
