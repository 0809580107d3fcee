import type { IncomingHttpHeaders } from 'node:http';

/** A server refused, or something else answered. */
export class MlflowAnswerError extends Error {
  override readonly name = 'MlflowAnswerError';
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** What the server itself said; `undefined` when the answer is not of MLflow's form. */
  readonly said: { readonly errorCode: string | undefined; readonly message: string } | undefined;
  /** The beginning of what else came. */
  readonly text: string;

  constructor(status: number, headers: IncomingHttpHeaders, text: string) {
    super(`the server answered ${status}`);
    this.status = status;
    this.retryAfter = headers['retry-after'];
    this.text = text.slice(0, longestTextCharacters);
    this.said = parse(text);
  }
}

const longestTextCharacters = 500;

function parse(text: string): MlflowAnswerError['said'] {
  try {
    const { error_code: errorCode, message, detail } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const words = typeof message === 'string' ? message : detail;
    if (typeof words !== 'string') return undefined;
    return { errorCode: typeof errorCode === 'string' ? errorCode : undefined, message: words };
  } catch {
    return undefined;
  }
}
