import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunStep } from './stepwise.ts';

/** Lets one process run for some steps, while the others stand still. */
export interface Burst {
  /** Which process; counted round. */
  readonly process: number;
  readonly steps: number;
}

/** How many turns of the event loop a process has for getting to its next step; else it waits for another one. */
const patienceTurns = 6;

/**
 * Decides which of several processes takes the next step. Long bursts are the point: they are what a process sees
 * that was held up by its machine while the others went on, and a fair choice at every step hardly ever makes one.
 */
export class BurstScheduler {
  readonly #bursts: Iterator<Burst>;
  /** A process may have several steps to take at once. */
  readonly #waiting: (() => void)[][] = [];
  readonly #living = new Set<number>();

  constructor(bursts: readonly Burst[]) {
    this.#bursts = bursts[Symbol.iterator]();
  }

  /** Adds a process, whose steps wait for their turn. */
  add(live: (run: RunStep) => Promise<void>): Promise<void> {
    const id = this.#waiting.push([]) - 1;
    this.#living.add(id);
    const run: RunStep = async (_name, work) => {
      await new Promise<void>((resolve) => this.#waiting[id]?.push(resolve));
      return work();
    };
    return live(run).finally(() => this.#living.delete(id));
  }

  /** Runs until all processes have ended. When the bursts are used up, everybody takes turns. */
  async runAll(processes: readonly Promise<void>[]): Promise<void> {
    const all = Promise.all(processes);
    all.catch(() => undefined);
    for (let turn = 0; this.#living.size > 0; turn++) {
      const next = this.#bursts.next();
      const { process, steps } = next.done === true ? { process: turn, steps: 1 } : next.value;
      for (let step = 0; step < steps; step++) if (!(await this.#step(process % this.#waiting.length))) break;
    }
    await all;
  }

  /** @returns whether the process had a step to take. */
  async #step(process: number): Promise<boolean> {
    const waiting = this.#waiting[process] ?? [];
    for (let turn = 0; turn < patienceTurns && waiting.length === 0; turn++) {
      if (!this.#living.has(process)) return false;
      await nextTurn();
    }
    const go = waiting.shift();
    go?.();
    return go !== undefined;
  }
}
