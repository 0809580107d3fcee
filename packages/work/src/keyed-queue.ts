import { SerialQueue, type TurnOptions } from './serial-queue.ts';

/** Runs work of the same key one piece at a time, in the order of the calls; other keys do not wait for it. */
export class KeyedQueue<Key> {
  readonly #queues = new Map<Key, { readonly queue: SerialQueue; users: number }>();

  /** Runs work when everything before it that has its key has ended. */
  async run<T>(key: Key, work: () => Promise<T>, options?: TurnOptions): Promise<T> {
    const entry = this.#queues.get(key) ?? { queue: new SerialQueue(), users: 0 };
    this.#queues.set(key, entry);
    entry.users++;
    try {
      return await entry.queue.run(work, options);
    } finally {
      entry.users--;
      if (entry.users === 0) this.#queues.delete(key);
    }
  }

  /** How many keys have work that runs or waits. */
  get size(): number {
    return this.#queues.size;
  }
}
