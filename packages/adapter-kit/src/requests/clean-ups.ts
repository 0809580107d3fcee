import type { RequestClock } from './request-clock.ts';

/** How long a failed operation waits for its cleaning up. */
const waitedMs = 500;

/** What ends by itself after operations have failed: waited for a little by them, and to the end by their owner. */
export class CleanUps {
  readonly #clock: Pick<RequestClock, 'sleep'>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(clock: Pick<RequestClock, 'sleep'>) {
    this.#clock = clock;
  }

  /** Begins to clean up; a failure of it is nobody's. Ends when it has, or when it takes longer than half a second. */
  async run(work: () => Promise<void>): Promise<void> {
    const cleaning = work()
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(cleaning));
    this.#underWay.add(cleaning);
    const waited = new AbortController();
    await Promise.race([cleaning, this.#clock.sleep(waitedMs, waited.signal)]).catch(() => undefined);
    waited.abort();
  }

  /** Waits for everything that was begun. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }
}
