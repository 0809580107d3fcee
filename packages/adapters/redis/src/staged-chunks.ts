import { randomUUID } from 'node:crypto';
import type { OperationContext } from '@holdfast/ports';
import type { StoreTools } from './store-tools.ts';
import type { DataReference } from './store/stored-record.ts';

/** How often chunks are kept for longer within the time that they are kept. */
const renewalsWhileKept = 3;

/**
 * The chunks of a write that is under way. They expire unless they are committed; as long as this process lives and the
 * write goes on, they are kept for longer.
 */
export class StagedChunks implements Disposable {
  readonly id: string = randomUUID();
  readonly #tools: StoreTools;
  readonly #context: OperationContext;
  readonly #renewal: NodeJS.Timeout;
  readonly #sending = new Set<Promise<unknown>>();
  #chunkCount = 0;

  constructor(tools: StoreTools, context: OperationContext) {
    this.#tools = tools;
    this.#context = context;
    const { stagedMs } = tools.options.keep;
    this.#renewal = setInterval(() => void this.#renew(), stagedMs / renewalsWhileKept).unref();
  }

  get data(): DataReference {
    return { id: this.id, chunkCount: this.#chunkCount };
  }

  /** Sends chunks up to a number: `send` may be called again. */
  async stage(
    last: number,
    { sentBytes, signal }: { readonly sentBytes: number; readonly signal: AbortSignal },
    send: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.#chunkCount = Math.max(this.#chunkCount, last + 1);
    await this.#tools.runner.run(this.#context, { signal, sentBytes }, (attempt) =>
      this.#track(send(attempt)),
    );
  }

  /** Leaves nothing of what was not committed. */
  async discard(): Promise<void> {
    this[Symbol.dispose]();
    await this.#tools.cleanUps.run(async () => {
      await Promise.allSettled(this.#sending);
      await this.#tools.runner.run(this.#context, {}, (signal) =>
        this.#tools.store.discard(this.data, signal),
      );
    });
  }

  /** Keeps nothing for longer any more. */
  [Symbol.dispose](): void {
    clearInterval(this.#renewal);
  }

  async #track(sending: Promise<void>): Promise<void> {
    const tracked = sending.finally(() => this.#sending.delete(tracked));
    this.#sending.add(tracked);
    await tracked;
  }

  /** A failure shows when the chunks are committed. */
  async #renew(): Promise<void> {
    const { runner, store } = this.#tools;
    await runner.run(this.#context, {}, (signal) => store.renew(this.data, signal)).catch(() => undefined);
  }
}
