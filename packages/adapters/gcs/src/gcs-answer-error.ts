/** A refusal, as it came. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A refusal of the server, in the words of its JSON API, of its XML API, or of nobody known. */
export class GcsAnswerError extends Error {
  override readonly name = 'GcsAnswerError';
  readonly status: number;
  readonly reasons: readonly string[];
  readonly retryAfter: string | undefined;
  readonly isForeign: boolean;

  constructor({ status, headers, text }: Refusal) {
    const { message, reasons } = wordsOf(text);
    super(message === '' ? `status ${status}` : message);
    this.status = status;
    this.reasons = reasons;
    this.retryAfter = headers.get('retry-after') ?? undefined;
    this.isForeign = /html/.test(headers.get('content-type') ?? '');
  }
}

function wordsOf(text: string): { readonly message: string; readonly reasons: readonly string[] } {
  try {
    const { error } = JSON.parse(text) as { readonly error?: JsonError };
    const reasons = (error?.errors ?? []).flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
    return { message: error?.message ?? '', reasons };
  } catch {
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
    const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? '';
    return { message, reasons: code === undefined ? [] : [code] };
  }
}

interface JsonError {
  readonly message?: string;
  readonly errors?: readonly { readonly reason?: string }[];
}
