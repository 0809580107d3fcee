import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

interface Session {
  takenBytes: number;
  /** What the upload made, when it has ended. */
  ended: { readonly headers: Headers; readonly body: Buffer } | undefined;
}

interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/;

/**
 * What fake-gcs-server 1.56 lacks of resumable uploads: it takes a question for the end of an upload, appends what it
 * has already, and forgets no upload that is cancelled. Everything else passes through.
 */
export class SessionFront implements AsyncDisposable {
  readonly #target: string;
  readonly #sessions = new Map<string, Session>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });

  private constructor(target: string) {
    this.#target = target;
  }

  static async open(target: string): Promise<SessionFront> {
    const front = new SessionFront(target);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the front has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** How many uploads of which a piece came have neither ended nor been cancelled. */
  get unfinished(): number {
    return [...this.#sessions.values()].filter(({ ended }) => ended === undefined).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const incoming = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: new Headers(request.headers as Record<string, string>),
      body: await buffer(request),
    };
    const upload = new URL(incoming.path, this.#target).searchParams.get('upload_id');
    const answer = upload === null ? await this.#pass(incoming) : await this.#ofSession(upload, incoming);
    const headers = Object.fromEntries(answer.headers);
    delete headers['transfer-encoding'];
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { ...headers, 'content-length': body.byteLength }).end(body);
  }

  async #ofSession(id: string, incoming: Incoming): Promise<Response> {
    const session = this.#sessions.get(id) ?? { takenBytes: 0, ended: undefined };
    this.#sessions.set(id, session);
    if (incoming.method === 'DELETE') {
      this.#sessions.delete(id);
      return this.#pass(incoming);
    }
    if (session.ended !== undefined) {
      return new Response(new Uint8Array(session.ended.body), { headers: session.ended.headers });
    }
    const [, first, last, total] = range.exec(incoming.headers.get('content-range') ?? '') ?? [];
    if (first === undefined) return incompleteAnswer(session);
    const known = Math.max(0, session.takenBytes - Number(first));
    const headers = new Headers(incoming.headers);
    headers.set('content-range', `bytes ${Number(first) + known}-${last}/${total}`);
    const answer = await this.#pass({ ...incoming, headers, body: incoming.body.subarray(known) });
    if (answer.status === 308) session.takenBytes = Number(last) + 1;
    if (answer.status === 200) {
      session.ended = { headers: answer.headers, body: Buffer.from(await answer.clone().arrayBuffer()) };
    }
    if (answer.status >= 400) this.#sessions.delete(id);
    return answer;
  }

  #pass({ method, path, headers, body }: Incoming): Promise<Response> {
    const passed = new Headers(headers);
    for (const name of ['connection', 'content-length', 'transfer-encoding', 'keep-alive'])
      passed.delete(name);
    return fetch(this.#target + path, {
      method,
      headers: passed,
      redirect: 'manual',
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
    });
  }
}

function incompleteAnswer({ takenBytes }: Session): Response {
  const headers = takenBytes === 0 ? {} : { range: `bytes=0-${takenBytes - 1}` };
  return new Response(undefined, { status: 308, headers });
}
