import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import {
  RequestFailureError,
  type RequestOptions,
  type ResolvedCloudConfiguration,
} from '@holdfast/adapter-kit';
import type { MlflowCredentials } from './mlflow-storage-options.ts';
import { readAnswerFailure } from './read-answer-failure.ts';

/** Servers of MLflow close connections that were quiet for five seconds; ours are closed before. */
const quietConnectionMs = 4_000;

/** Bytes to send, of a size that is told before. */
export interface RequestBody {
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** One request. */
export interface MlflowRequest extends RequestOptions {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below the endpoint. */
  readonly path: string;
  readonly range?: string | undefined;
  readonly body?: RequestBody | undefined;
}

/** Sends requests to a server over connections that are kept: each once, and nothing is followed. */
export class MlflowClient {
  readonly #base: string;
  readonly #connectMs: number;
  readonly #library: typeof http | typeof https;
  readonly #agent: http.Agent;
  readonly #credentials: () => Promise<MlflowCredentials | undefined>;

  constructor(
    { endpoint = '', poolSize, timeouts }: ResolvedCloudConfiguration,
    credentials: () => Promise<MlflowCredentials | undefined>,
  ) {
    this.#base = endpoint.replace(/\/+$/, '');
    this.#connectMs = timeouts.connectMs;
    this.#credentials = credentials;
    this.#library = endpoint.startsWith('https:') ? https : http;
    this.#agent = new this.#library.Agent({
      keepAlive: true,
      maxSockets: poolSize,
      timeout: quietConnectionMs,
    });
  }

  /**
   * The answer, when its head is there; whoever asked reads or destroys its body.
   *
   * @throws MlflowAnswerError when it is no success.
   */
  async request({ method, path, range, body, signal, cancelled }: MlflowRequest): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const headers = {
      accept: '*/*',
      'accept-encoding': 'identity',
      ...authorizationOf(await this.#credentials()),
      ...(range === undefined ? {} : { range: `bytes=${range}` }),
      ...(body === undefined
        ? {}
        : { 'content-length': body.sizeBytes, 'content-type': 'application/octet-stream' }),
    };
    const request = this.#library.request(`${this.#base}${path}`, { method, headers, agent: this.#agent });
    const stop = (): void => void request.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop);
    this.#limitConnecting(request);
    try {
      const answer = await exchange(request, body, cancelled);
      answer.on('error', () => undefined);
      if ((answer.statusCode ?? 0) >= 200 && (answer.statusCode ?? 0) < 300) return answer;
      throw await readAnswerFailure(answer);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #limitConnecting(request: ClientRequest): void {
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => request.destroy(new RequestFailureError(noConnection)), this.#connectMs);
      socket.once('connect', () => clearTimeout(timer));
      socket.once('close', () => clearTimeout(timer));
    });
  }
}

async function exchange(
  request: ClientRequest,
  body: RequestBody | undefined,
  cancelled: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  answered.catch(() => undefined);
  if (body === undefined) request.end();
  else await Promise.race([send(request, body, cancelled), answered]);
  return answered;
}

/** Can be cancelled until the last bytes are on their way: the server shows nothing of an upload that breaks off. */
async function send(
  request: ClientRequest,
  { sizeBytes, chunks }: RequestBody,
  cancelled: AbortSignal | undefined,
): Promise<void> {
  const giveUp = (): void => void request.destroy(new RequestFailureError(givenUp));
  if (cancelled?.aborted === true) giveUp();
  cancelled?.addEventListener('abort', giveUp);
  let sentBytes = 0;
  try {
    for await (const chunk of chunks) {
      sentBytes += chunk.byteLength;
      if (sentBytes >= sizeBytes) cancelled?.removeEventListener('abort', giveUp);
      if (request.destroyed) return;
      await written(request, chunk);
    }
    request.end();
  } catch (error) {
    request.destroy(error as Error);
  } finally {
    cancelled?.removeEventListener('abort', giveUp);
  }
}

/** Chunks are lent: the next one comes when this one has left. */
async function written(request: ClientRequest, chunk: Uint8Array): Promise<void> {
  const left = Promise.withResolvers<void>();
  request.write(chunk, () => left.resolve());
  const ended = new AbortController();
  await Promise.race([left.promise, once(request, 'close', { signal: ended.signal })]).finally(() =>
    ended.abort(),
  );
}

function authorizationOf(credentials: MlflowCredentials | undefined): { readonly authorization?: string } {
  if (credentials === undefined) return {};
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  const { username, password } = credentials;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

const noConnection = {
  code: 'timeout',
  what: 'no connection was made in time',
  hint: 'Check the endpoint and the network, or allow more with timeouts.connectMs.',
  isTemporary: true,
} as const;

const givenUp = {
  code: 'cancelled',
  what: 'it was cancelled before the last bytes were sent',
} as const;
