import type { VerificationProgress } from '@holdfast/registry';
import type { Output } from '../../output/output.ts';
import { printCount } from '../../output/print-count.ts';
import { printDuration } from '../../output/print-duration.ts';
import { printSize } from '../../output/print-size.ts';
import { ProgressDisplay } from '../../output/progress-display.ts';

const barCells = 20;
/** Rates of the first moments say little. */
const steadyAfterMs = 500;

/** Shows how far a verification has come: objects, bytes, rate, and what is left. Dispose it when it has ended. */
export class VerificationMeter implements Disposable {
  readonly #title: string;
  readonly #display: ProgressDisplay;
  readonly #now: () => number;
  readonly #startedMs: number;
  #startBytes = 0;
  #progress: VerificationProgress | undefined;

  constructor(title: string, output: Output, now: () => number = performance.now.bind(performance)) {
    this.#title = title;
    this.#now = now;
    this.#startedMs = now();
    this.#display = new ProgressDisplay(output, (isTerminal) => this.line(isTerminal));
  }

  /** What was read before an interruption says nothing about the rate. */
  begin(bytes: number): void {
    this.#startBytes = bytes;
  }

  show(progress: VerificationProgress): void {
    this.#progress = progress;
  }

  [Symbol.dispose](): void {
    this.#display[Symbol.dispose]();
  }

  line(withBar: boolean): string {
    if (this.#progress === undefined) return this.#title;
    const { stage, objectCount, totalCount, bytes, totalBytes } = this.#progress;
    if (stage === 'records') return `${this.#title}  checking the records of the stores`;
    const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
    const bar = withBar ? `  ${'█'.repeat(Math.round(share * barCells)).padEnd(barCells, '░')}` : '';
    const percent = `  ${String(Math.floor(share * 100)).padStart(3)} %`;
    const objects = `  ${objectCount} of ${printCount(totalCount, 'object')}`;
    return `${this.#title}${bar}${percent}${objects}  ${printSize(bytes)} of ${printSize(totalBytes)}${this.#pace(totalBytes - bytes, bytes)}`;
  }

  #pace(leftBytes: number, bytes: number): string {
    const elapsedMs = this.#now() - this.#startedMs;
    const bytesPerMs = (bytes - this.#startBytes) / elapsedMs;
    if (elapsedMs <= steadyAfterMs || bytesPerMs <= 0) return '';
    const leftMs = Math.max(1, Math.ceil(leftBytes / bytesPerMs / 1000)) * 1000;
    return `  ${printSize(bytesPerMs * 1000)}/s  ${printDuration(leftMs)} left`;
  }
}
