import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunStep } from './stepwise.ts';

/** Some processes over one state, made anew for every order of steps. */
export interface Interleaved {
  readonly processes: readonly ((run: RunStep) => Promise<void>)[];
  /** What is shared, as text: equal texts, equal states. */
  readonly fingerprint: () => Promise<string>;
  /** What a step answered, as text, without what differs from run to run. */
  readonly print: (answer: unknown) => string;
  /** Told when every process has ended. */
  readonly finish: () => Promise<void>;
}

export interface ExplorerOptions {
  readonly make: () => Promise<Interleaved>;
  /** How many orders are tried at most. */
  readonly longestRuns: number;
}

/** What was tried. */
export interface Exploration {
  readonly runs: number;
  readonly states: number;
  readonly isExhausted: boolean;
}

/** How many turns of the event loop a process has for getting to its next step; else it waits for another one. */
const patienceTurns = 8;

/**
 * Tries the orders in which several processes can take their steps, all of them if there is time.
 *
 * Each order is run from the beginning, over the real code; which is next is drawn, so that the first ones differ much.
 * A state that was met before, by what is shared and by all
 * that every process has seen, is not gone on from: whatever can follow was or will be tried from there.
 */
export class InterleavingExplorer {
  readonly #options: ExplorerOptions;
  readonly #met = new Set<string>();
  readonly #untried: (readonly number[])[] = [[]];
  #randomState = 0x9e3779b9;

  constructor(options: ExplorerOptions) {
    this.#options = options;
  }

  /** @throws what a process or a check throws, with the order of steps that led to it. */
  async explore(): Promise<Exploration> {
    let runs = 0;
    for (; runs < this.#options.longestRuns; runs++) {
      if (this.#untried.length === 0) break;
      const [prefix = []] = this.#untried.splice(this.#random(this.#untried.length), 1);
      await this.#run(prefix);
    }
    return { runs, states: this.#met.size, isExhausted: this.#untried.length === 0 };
  }

  async #run(prefix: readonly number[]): Promise<void> {
    const interleaved = await this.#options.make();
    const stage = new Stage(interleaved);
    const path: number[] = [];
    try {
      for (;;) {
        await stage.settle();
        const ready = stage.ready();
        if (ready.length === 0) break;
        const planned = prefix[path.length];
        if (planned === undefined && this.#isKnown(`${await interleaved.fingerprint()}\n${stage.seen()}`))
          return;
        const next = planned ?? ready[this.#random(ready.length)] ?? 0;
        if (planned === undefined)
          for (const other of ready) if (other !== next) this.#untried.push([...path, other]);
        path.push(next);
        stage.step(next);
      }
      await stage.over();
      await interleaved.finish();
    } catch (error) {
      throw new Error(`This order of steps: ${stage.story().join(', ')}`, { cause: error });
    } finally {
      await stage.abandon();
    }
  }

  /** A number below a limit; the same ones in every exploration (xorshift). */
  #random(limit: number): number {
    this.#randomState ^= this.#randomState << 13;
    this.#randomState ^= this.#randomState >>> 17;
    this.#randomState ^= this.#randomState << 5;
    return (this.#randomState >>> 0) % limit;
  }

  #isKnown(state: string): boolean {
    if (this.#met.has(state)) return true;
    this.#met.add(state);
    return false;
  }
}

interface WaitingStep {
  readonly name: string;
  readonly go: () => void;
  readonly give: (reason: Error) => void;
}

/** The processes of one run, each standing before its next step. */
class Stage {
  readonly #print: Interleaved['print'];
  readonly #waiting: WaitingStep[][];
  readonly #seen: string[][];
  readonly #ended: boolean[];
  readonly #lives: readonly Promise<void>[];
  readonly #story: string[] = [];
  #failure: unknown;
  #isAbandoned = false;

  constructor({ processes, print }: Pick<Interleaved, 'processes' | 'print'>) {
    this.#print = print;
    this.#waiting = processes.map(() => []);
    this.#seen = processes.map(() => []);
    this.#ended = processes.map(() => false);
    this.#lives = processes.map((live, index) => this.#begin(live, index));
  }

  async #begin(live: Interleaved['processes'][number], index: number): Promise<void> {
    try {
      await live((name, work) => this.#take(index, name, work));
    } catch (error) {
      if (!this.#isAbandoned) this.#failure ??= error;
    } finally {
      this.#ended[index] = true;
    }
  }

  async #take<T>(index: number, name: string, work: () => Promise<T>): Promise<T> {
    if (this.#isAbandoned) throw new Error('This order of steps is not gone on with.');
    const seen = this.#seen[index] as string[];
    if (!name.startsWith('(')) {
      await new Promise<void>((go, give) => this.#waiting[index]?.push({ name, go, give }));
      this.#story.push(`${index} ${name}`);
    }
    try {
      const result = await work();
      seen.push(`${name} ${this.#print(result)}`);
      return result;
    } catch (error) {
      seen.push(`${name} failed ${String(error)}`);
      throw error;
    }
  }

  /** Waits until every process stands before a step, has ended, or waits for another one. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < patienceTurns; turn++) {
      await nextTurn();
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#waiting.every((steps, index) => steps.length > 0 || this.#ended[index] === true)) return;
    }
  }

  ready(): readonly number[] {
    return this.#waiting.flatMap((steps, index) => (steps.length > 0 ? [index] : []));
  }

  step(index: number): void {
    this.#waiting[index]?.shift()?.go();
  }

  /** What each process has seen, and before which step it stands. */
  seen(): string {
    return this.#seen.map((seen, index) => [...seen, this.#waiting[index]?.[0]?.name].join(';')).join('\n');
  }

  story(): readonly string[] {
    return this.#story;
  }

  async over(): Promise<void> {
    await Promise.all(this.#lives);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends every process where it stands. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    for (const steps of this.#waiting)
      for (const step of steps) step.give(new Error('This order of steps is not gone on with.'));
    await Promise.all(this.#lives);
  }
}
