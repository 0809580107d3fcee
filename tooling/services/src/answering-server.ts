import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createServer as createEncryptedServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from './self-signed-certificate.ts';

/** What a server says, whatever it was asked. */
export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The connection ends after so many bytes of the body, whatever was announced. */
  readonly cutAfterBytes?: number;
  /** Nothing more comes after the body, and the connection stays. */
  readonly isSilentAfter?: boolean;
}

/** What a proxy says to somebody who has not signed in. */
export const signInPage: CannedAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html><body>Please sign in</body></html>',
};

/** A server on a free port of the loopback that says what a test wants to hear, as no emulator would. */
export class AnsweringServer implements AsyncDisposable {
  readonly address: string;
  /** The next answers. */
  answer: (request: IncomingMessage) => CannedAnswer = () => ({ status: 200 });
  /** The method and the path of every request. */
  requests: string[] = [];
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>, scheme: string) {
    this.#server = server;
    this.address = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Starts one; an encrypted one has a certificate that nobody vouches for. */
  static async open({ isEncrypted = false } = {}): Promise<AnsweringServer> {
    const http = isEncrypted ? createEncryptedServer(selfSignedCertificate()) : createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const server = new AnsweringServer(http, isEncrypted ? 'https' : 'http');
    http.on('request', (request, response) => server.#respond(request, response));
    return server;
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    request.resume();
    const { status, headers, body = '', cutAfterBytes, isSilentAfter } = this.answer(request);
    response.writeHead(status, headers);
    const sent = request.method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(body);
    if (cutAfterBytes !== undefined) {
      response.flushHeaders();
      response.write(sent.subarray(0, cutAfterBytes), () => response.destroy());
    } else if (isSilentAfter === true) response.write(sent);
    else response.end(sent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
