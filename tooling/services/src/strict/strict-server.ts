import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request whose body is there. */
export interface StrictRequest {
  readonly method: string;
  /** As it was sent: still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface StrictAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A server of our own on a free port of the loopback: it takes in a request whole, and serves it in one step. */
export abstract class StrictServer implements AsyncDisposable {
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  protected abstract answer(request: StrictRequest): StrictAnswer;

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return void response.destroy();
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const method = request.method ?? '';
    const {
      status,
      headers: told = {},
      body: content = '',
    } = this.answer({
      method,
      path,
      query: new URLSearchParams(query),
      headers,
      body,
    });
    const isHead = method === 'HEAD';
    const lengthBytes = Buffer.byteLength(content);
    const length =
      isHead || status === 204 || status === 304 ? {} : { 'content-length': String(lengthBytes) };
    response.writeHead(status, { ...length, ...told }).end(isHead ? undefined : content);
  }
}

/** The bytes of a range header, its end included; `undefined` when it asks for none that are there. */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { readonly first: number; readonly last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? 'bytes=0-') ?? [];
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return first > last ? undefined : { first, last };
}
