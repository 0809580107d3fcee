import { Writable } from 'node:stream';

/** A stream that keeps what is written to it as text, and passes for a terminal where it is to. */
export class CapturedStream extends Writable {
  readonly isTTY: boolean;
  declare readonly columns?: number;
  readonly #chunks: Buffer[] = [];

  constructor(terminal: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined }) {
    super();
    this.isTTY = terminal.isTTY ?? false;
    if (terminal.columns !== undefined) this.columns = terminal.columns;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(Buffer.from(chunk));
    done();
  }
}
