import type { Ora } from 'ora';
import type { Output } from './output.ts';

/** On a terminal, what takes less is not worth a line. */
const patienceMs = 1_000;
const frameMs = 120;
const lineEveryMs = 5_000;

/**
 * Shows a line that changes while work goes on: in place on a terminal after a second, as a line of its own every five
 * seconds elsewhere, and not at all when the user wants no messages. Dispose it at the end.
 */
export class ProgressDisplay implements Disposable {
  readonly #output: Output;
  readonly #line: (isTerminal: boolean) => string;
  #timer: NodeJS.Timeout | undefined;
  #spinner: Ora | undefined;
  #isOver = false;

  constructor(output: Output, line: (isTerminal: boolean) => string) {
    this.#output = output;
    this.#line = line;
    if (!output.isTalkative) return;
    if (output.isTerminal) this.#timer = setTimeout(() => void this.#spin(), patienceMs).unref();
    else this.#repeat(() => output.say(this.#line(false)), lineEveryMs);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#output.showLive(undefined);
    this.#spinner?.stop();
  }

  async #spin(): Promise<void> {
    const { default: ora } = await import('ora');
    if (this.#isOver) return;
    // The terminal stays as it is: Ctrl-C remains a signal, and standard input remains the command's.
    const color = this.#output.isColored ? 'cyan' : false;
    const spinner = ora({
      text: this.#line(true),
      discardStdin: false,
      hideCursor: false,
      spinner: 'dots',
      color,
    }).start();
    this.#spinner = spinner;
    this.#output.showLive({ clear: () => spinner.clear(), render: () => spinner.render() });
    this.#repeat(() => (spinner.text = this.#line(true)), frameMs);
  }

  #repeat(show: () => unknown, everyMs: number): void {
    this.#timer = setInterval(show, everyMs).unref();
  }
}
