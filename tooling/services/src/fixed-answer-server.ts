import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server says to everybody. */
export interface FixedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a proxy says to somebody who has not signed in. */
export const signInPage: FixedAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html><body>Please sign in</body></html>',
};

/** A server of the loopback that says the same to everybody. */
export class FixedAnswerServer implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    this.requests.push(`${request.method} ${request.url}`);
    request.resume();
    const { status, headers, body } = this.answer;
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
  });
  answer: FixedAnswer = { status: 200 };
  /** The method and the path of every request. */
  requests: string[] = [];

  static async open(): Promise<FixedAnswerServer> {
    const server = new FixedAnswerServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
