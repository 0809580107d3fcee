/** Work that is in progress for a key, and who waits for it. */
interface Flight<T> {
  readonly result: Promise<T>;
  readonly leaving: AbortController;
  callers: number;
}

/**
 * Does work once for all who ask for the same key at the same time. Nothing is kept: who asks after it has ended begins
 * again. The work's signal is aborted when every caller has left.
 */
export class SingleFlight<Key, T> {
  readonly #flights = new Map<Key, Flight<T>>();

  /** @throws what the work throws, to each of its callers; the reason of a caller's own signal, to that caller alone. */
  async run(
    key: Key,
    work: (signal: AbortSignal) => Promise<T>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#begin(key, work);
    flight.callers++;
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([flight.result, left.promise]);
    } finally {
      signal?.removeEventListener('abort', leave);
      flight.callers--;
      if (flight.callers === 0) this.#end(key, flight);
    }
  }

  #begin(key: Key, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const leaving = new AbortController();
    const result = (async () => work(leaving.signal))();
    const flight: Flight<T> = { result, leaving, callers: 0 };
    this.#flights.set(key, flight);
    const forget = (): void => this.#forget(key, flight);
    result.then(forget, forget);
    return flight;
  }

  /** Who asks from now on must not join work that is being stopped. */
  #end(key: Key, flight: Flight<T>): void {
    this.#forget(key, flight);
    flight.leaving.abort();
  }

  #forget(key: Key, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
