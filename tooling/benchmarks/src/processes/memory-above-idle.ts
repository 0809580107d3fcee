import { writeFileSync } from 'node:fs';
import { peakResidentBytes } from './peak-resident-bytes.ts';

/** Watches the resident memory of this process. Linux tells its peak; elsewhere the peak since the start counts. */
export class MemoryAboveIdle {
  readonly #idleBytes: number;

  /** From now on: what the process holds now is idle. */
  constructor() {
    forgetPeak();
    this.#idleBytes = process.memoryUsage.rss();
  }

  get peakBytes(): number {
    return peakResidentBytes() - this.#idleBytes;
  }
}

/** `man 5 proc`, clear_refs: 5 resets the peak of the resident memory. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Another system: the peak includes the start of the process then, which makes the figure worse, not better.
  }
}
