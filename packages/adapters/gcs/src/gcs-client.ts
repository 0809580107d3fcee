import type { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Storage } from '@google-cloud/storage';
import { GcsAnswerError } from './gcs-answer-error.ts';
import { notAnAnswerOfGcs, withoutCredentials } from './to-storage-error.ts';

/** One request. */
export interface GcsRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with `/`; every part of it encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Lent until the answer has come. */
  readonly body?: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** An answer that is not a refusal. */
export interface GcsAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** An answer whose JSON was read. */
export interface GcsJsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` where there was no body. */
  readonly value: unknown;
}

/** What a {@link GcsClient} sends with. */
export interface GcsClientOptions {
  readonly storage: Storage;
  readonly endpoint: string;
  /** Keeps the connections; without one, those of the environment's proxy are used. */
  readonly agent: Agent | undefined;
}

/**
 * Sends single requests with the credentials of Google's library. Its own methods for objects cannot be stopped by a
 * signal and send several requests each, so only its credentials and its signatures are used.
 */
export class GcsClient {
  readonly storage: Storage;
  readonly endpoint: string;
  readonly #agent: Agent | undefined;

  constructor({ storage, endpoint, agent }: GcsClientOptions) {
    this.storage = storage;
    this.endpoint = endpoint;
    this.#agent = agent;
  }

  /** @throws what `to-storage-error.ts` understands, for every refusal. */
  async send({ method, path, query = {}, headers = {}, body, signal }: GcsRequest): Promise<GcsAnswer> {
    const url = new URL(this.endpoint + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const { transporter, signed } = await this.#authorize();
    signal.throwIfAborted();
    for (const [name, value] of Object.entries(headers)) signed.set(name, value);
    const answer = await transporter.request<Readable | ''>({
      url,
      method,
      headers: signed,
      ...(body === undefined ? {} : { data: body }),
      ...(this.#agent === undefined ? {} : { agent: this.#agent }),
      ...asItComes,
      signal,
    });
    const { status } = answer;
    const data = answer.data === '' ? Readable.from([]) : answer.data;
    data.on('error', () => undefined);
    if ((status >= 200 && status < 300) || status === incomplete) {
      return { status, headers: answer.headers, body: data };
    }
    throw new GcsAnswerError({ status, headers: answer.headers, text: await beginningOf(data) });
  }

  /** Sends a request whose answer is JSON. */
  async json(request: GcsRequest): Promise<GcsJsonAnswer> {
    const { status, headers, body } = await this.send(request);
    const content = await text(body);
    try {
      return { status, headers, value: content === '' ? undefined : (JSON.parse(content) as unknown) };
    } catch {
      throw notAnAnswerOfGcs('JSON');
    }
  }

  /** Ends the connections. */
  end(): void {
    this.#agent?.destroy();
  }

  async #authorize(): Promise<Authorized> {
    try {
      const client = await this.storage.authClient.getClient();
      const signed = new Headers(await client.getRequestHeaders());
      return { transporter: client.transporter, signed };
    } catch (error) {
      throw withoutCredentials(error);
    }
  }
}

/** How an upload says that more is to come. */
const incomplete = 308;
const longestErrorBytes = 65_536;

/** Nothing is tried again, followed, unpacked or judged on the way. */
const asItComes = {
  responseType: 'stream',
  validateStatus: () => true,
  retry: false,
  redirect: 'manual',
  compress: false,
} as const;

type AuthClient = Awaited<ReturnType<Storage['authClient']['getClient']>>;

interface Authorized {
  readonly transporter: AuthClient['transporter'];
  readonly signed: Headers;
}

async function beginningOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= longestErrorBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, longestErrorBytes);
}
