import { mayColor } from './may-color.ts';
import { printJson } from './print-json.ts';
import { type Style, createStyle } from './style.ts';

/** A stream that text is written to: a terminal, a pipe or a file. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Documents in the place of text. @default false */
  readonly isJson?: boolean | undefined;
  /** No messages and no progress; data, warnings and errors stay. @default false */
  readonly isQuiet?: boolean | undefined;
  /** @default false */
  readonly isVerbose?: boolean | undefined;
  /** The user wants no colours. @default false */
  readonly isColorRefused?: boolean | undefined;
}

/** A line of progress that changes in place. */
export interface LiveLine {
  readonly clear: () => unknown;
  readonly render: () => unknown;
}

/** What a command says: data goes to standard output, everything else to standard error. */
export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  /** Whether messages have colours. */
  readonly isColored: boolean;
  /** Colours of data. */
  readonly style: Style;
  /** Colours of messages. */
  readonly messageStyle: Style;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  #liveLine: LiveLine | undefined;

  constructor(options: OutputOptions) {
    const { stdout, stderr, environment, isJson = false, isQuiet = false, isVerbose = false } = options;
    const color = { environment, isRefused: isJson || (options.isColorRefused ?? false) };
    this.isJson = isJson;
    this.isQuiet = isQuiet;
    this.isVerbose = isVerbose;
    this.style = createStyle(mayColor(stdout, color));
    this.isColored = mayColor(stderr, color);
    this.messageStyle = createStyle(this.isColored);
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** The width of the terminal that data goes to; `undefined` when it goes elsewhere. */
  get widthColumns(): number | undefined {
    return this.#stdout.isTTY === true ? this.#stdout.columns : undefined;
  }

  /** Whether messages go to a terminal. */
  get isTerminal(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Whether progress and messages are wanted. */
  get isTalkative(): boolean {
    return !this.isQuiet && !this.isJson;
  }

  /** The answer of a command: one JSON document for scripts, text for people. */
  answer(document: unknown, text: () => string): void {
    this.print(this.isJson ? printJson(document) : text());
  }

  /** Data, with a line break after it; nothing at all when it is empty. */
  print(text: string): void {
    if (text !== '') this.#stdout.write(`${text}\n`);
  }

  /** A message for people. */
  say(message: string): void {
    if (this.isTalkative) this.complain(message);
  }

  /** What a careful user should know; printed with `--quiet` too. */
  warn(message: string): void {
    if (!this.isJson) this.complain(`${this.messageStyle.warning('warning:')} ${message}`);
  }

  /** A line that is printed whatever the user wants to hear. */
  complain(line: string): void {
    this.#liveLine?.clear();
    this.#stderr.write(`${line}\n`);
    this.#liveLine?.render();
  }

  /** Keeps messages apart from a line that changes in place, until that is over. */
  showLive(line: LiveLine | undefined): void {
    this.#liveLine = line;
  }
}
