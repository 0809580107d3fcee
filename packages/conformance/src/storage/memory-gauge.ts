import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Measures how much more memory this process holds than when the gauge was made, garbage not counted. */
export class MemoryGauge {
  readonly #collectGarbage: () => void;
  readonly #idleBytes: number;
  #highestBytes = 0;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collectGarbage = runInNewContext('gc') as () => void;
    this.#idleBytes = this.#leastHeldBytes();
  }

  /** The most that was measured. */
  get highestBytes(): number {
    return this.#highestBytes;
  }

  measure(): void {
    this.#highestBytes = Math.max(this.#highestBytes, this.#heldBytes() - this.#idleBytes);
  }

  /** What earlier work has let go of is freed little by little, and would count as idle. */
  #leastHeldBytes(): number {
    let least = Infinity;
    for (let calmRounds = 0; calmRounds < 2; calmRounds++) {
      const held = this.#heldBytes();
      if (held < least) calmRounds = 0;
      least = Math.min(least, held);
    }
    return least;
  }

  #heldBytes(): number {
    this.#collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }
}
