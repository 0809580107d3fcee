import type { OnProgress, TransferProgress } from '@holdfast/storage';
import type { Output } from './output.ts';
import { printDuration } from './print-duration.ts';
import { printSize } from './print-size.ts';
import { ProgressDisplay } from './progress-display.ts';

const barCells = 24;
/** Rates of the first moments say little. */
const steadyAfterMs = 500;

/**
 * Shows how far a transfer has come, when it takes more than a moment. Where the bytes are hashed before they are sent,
 * these are two passes with a rate each. Dispose it when it has ended.
 */
export class TransferMeter implements Disposable {
  readonly #title: string;
  readonly #display: ProgressDisplay;
  readonly #now: () => number;
  #startedMs: number;
  #hasHashed = false;
  #progress: TransferProgress | undefined;

  constructor(title: string, output: Output, now: () => number = performance.now.bind(performance)) {
    this.#title = title;
    this.#now = now;
    this.#startedMs = now();
    this.#display = new ProgressDisplay(output, (isTerminal) => this.#line(isTerminal));
  }

  /** Takes what the services report. */
  readonly onProgress: OnProgress = (progress) => {
    this.#hasHashed ||= progress.phase === 'hash';
    if (this.#progress !== undefined && this.#progress.phase !== progress.phase)
      this.#startedMs = this.#now();
    this.#progress = progress;
  };

  [Symbol.dispose](): void {
    this.#display[Symbol.dispose]();
  }

  #line(withBar: boolean): string {
    if (this.#progress === undefined) return this.#title;
    const { phase, bytes, totalBytes } = this.#progress;
    const title = this.#hasHashed
      ? `${this.#title}: ${phase === 'hash' ? 'hashing' : 'sending'}`
      : this.#title;
    const elapsedMs = this.#now() - this.#startedMs;
    const bytesPerMs = elapsedMs > steadyAfterMs ? bytes / elapsedMs : 0;
    const rate = bytesPerMs > 0 ? `  ${printSize(bytesPerMs * 1000)}/s` : '';
    if (totalBytes === undefined || totalBytes === 0) return `${title}  ${printSize(bytes)}${rate}`;
    const share = Math.min(1, bytes / totalBytes);
    const bar = withBar ? `  ${'█'.repeat(Math.round(share * barCells)).padEnd(barCells, '░')}` : '';
    const left = bytesPerMs > 0 ? `  ${printTimeLeft((totalBytes - bytes) / bytesPerMs)} left` : '';
    const percent = `  ${String(Math.floor(share * 100)).padStart(3)} %`;
    return `${title}${bar}${percent}  ${printSize(bytes)} of ${printSize(totalBytes)}${rate}${left}`;
  }
}

/** A guess has no fractions. */
function printTimeLeft(leftMs: number): string {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  return seconds < 60 ? `${seconds} s` : printDuration(seconds * 1000);
}
