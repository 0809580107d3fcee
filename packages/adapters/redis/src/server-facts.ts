import type { RunOptions } from '@holdfast/adapter-kit';
import type { Cancellable, OperationContext } from '@holdfast/ports';
import { checkServer } from './check-server.ts';
import type { StoreTools } from './store-tools.ts';

type Facts = ReadonlyMap<string, string>;

/** What the server with the store tells of itself. */
export class ServerFacts {
  readonly #tools: StoreTools;
  #isDurable: boolean;

  constructor(tools: StoreTools) {
    this.#tools = tools;
    this.#isDurable = tools.options.durability === 'none';
  }

  ask(context: OperationContext, run: RunOptions<Facts>): Promise<Facts> {
    const { runner, store } = this.#tools;
    return runner.run(context, run, (attempt) => store.facts(attempt));
  }

  /**
   * Asks the server before the first write of an adapter; not where losing everything is no harm.
   *
   * @throws RequestFailureError when it does not keep what it acknowledges.
   */
  async requireDurable(context: OperationContext, { signal }: Cancellable): Promise<void> {
    if (this.#isDurable) return;
    checkServer(await this.ask(context, { signal }), this.#tools.options);
    this.#isDurable = true;
  }
}
