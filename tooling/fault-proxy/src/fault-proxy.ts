import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What goes wrong, from now on. Bytes are counted on each connection, from the moment that the fault began. */
export type Fault =
  /** New connections and those that are used are reset. */
  | { readonly kind: 'outage' }
  /** The connection is reset when so many bytes of answers have passed. */
  | { readonly kind: 'cut answer'; readonly afterBytes: number; readonly times: number }
  /** The connection is reset when so many bytes of requests have passed. */
  | { readonly kind: 'cut request'; readonly afterBytes: number; readonly times: number }
  /** Nothing passes any more after so many bytes of answers, and the connection stays open. */
  | { readonly kind: 'silence'; readonly afterBytes: number; readonly times: number }
  /** A request of one of these methods arrives and is served; the connection is reset instead of the answer. */
  | { readonly kind: 'lost answer'; readonly methods: readonly string[]; readonly times: number }
  /** Everything comes later. */
  | { readonly kind: 'delay'; readonly durationMs: number }
  /** No more passes in a second, in each direction of each connection. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number };

const requestLine = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/;
const redisCommand = /^\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n/;
/** A statement of PostgreSQL by its first word, or the beginning of a session by `user` (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const postgresStatement = /^(?:Q[^]{4}|P[^]{4}[^\0]*\0|[^]{4}\0[^]\0\0)([a-z]+)()/;

/** A proxy of TCP on the loopback, in front of one server of HTTP, Redis or PostgreSQL. */
export class FaultProxy implements AsyncDisposable {
  readonly #server = createServer((client) => this.#accept(client));
  readonly #sockets = new Set<Socket>();
  readonly #target: URL;
  /** The requests that came, as method and path or as the command's name, and the connections that were reset at once, as `-`. */
  readonly requests: string[] = [];
  /** Called when an answer was lost, before the client learns of it. */
  onLost: () => Promise<void> = async () => undefined;
  #fault: Fault | undefined;
  #left = 0;

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async open(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    return `${this.#target.protocol}//127.0.0.1:${address.port}`;
  }

  /** Begins to fail. */
  fail(fault: Fault): void {
    this.#fault = fault;
    this.#left = 'times' in fault ? fault.times : Number.POSITIVE_INFINITY;
  }

  /** Works again. */
  heal(): void {
    this.#fault = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#fault?.kind === 'outage') {
      this.requests.push('-');
      client.resetAndDestroy();
      return;
    }
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const passage = new Passage(client, server);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => passage.end());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        // What the server said last may still be on its way.
        if (socket === client) passage.end();
      });
    }
    void this.#pass(client, server, (bytes) => this.#passRequest(passage, bytes));
    void this.#pass(server, client, (bytes) => this.#passAnswer(passage, bytes));
  }

  async #pass(from: Socket, to: Socket, look: (bytes: Buffer) => Promise<Buffer | undefined>): Promise<void> {
    try {
      for await (const bytes of from as AsyncIterable<Buffer>) {
        const passing = await look(bytes);
        if (passing === undefined) continue;
        if (!to.write(passing)) await once(to, 'drain');
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  async #passRequest(passage: Passage, bytes: Buffer): Promise<Buffer | undefined> {
    const begin = bytes.toString('latin1', 0, 4_096);
    const [, method, path] =
      requestLine.exec(begin) ?? redisCommand.exec(begin) ?? postgresStatement.exec(begin) ?? [];
    if (method !== undefined) {
      this.requests.push([method, path].filter(Boolean).join(' '));
      passage.method = method.toUpperCase();
    }
    const fault = this.#fault;
    if (fault?.kind === 'delay') await delay(fault.durationMs);
    if (fault?.kind === 'bandwidth') await passage.squeeze('request', fault, bytes.byteLength);
    if (fault?.kind === 'outage') return passage.reset();
    if (fault?.kind !== 'cut request' || this.#left <= 0) return bytes;
    const sent = passage.count('request', fault, bytes.byteLength);
    if (sent <= fault.afterBytes) return bytes;
    this.#left--;
    return passage.reset();
  }

  async #passAnswer(passage: Passage, bytes: Buffer): Promise<Buffer | undefined> {
    const fault = this.#fault;
    if (passage.isSilent) return undefined;
    if (fault === undefined || this.#left <= 0) return bytes;
    if (fault.kind === 'outage') return passage.reset();
    if (fault.kind === 'lost answer') return this.#lose(passage, fault, bytes);
    if (fault.kind === 'bandwidth') await passage.squeeze('answer', fault, bytes.byteLength);
    if (fault.kind !== 'cut answer' && fault.kind !== 'silence') return bytes;
    const given = passage.count('answer', fault, bytes.byteLength);
    if (given <= fault.afterBytes) return bytes;
    this.#left--;
    const rest = bytes.subarray(0, Math.max(0, bytes.byteLength - (given - fault.afterBytes)));
    if (fault.kind === 'silence') {
      passage.isSilent = true;
      return rest;
    }
    await passage.endWith(rest);
    return undefined;
  }

  async #lose(
    passage: Passage,
    fault: Fault & { kind: 'lost answer' },
    bytes: Buffer,
  ): Promise<Buffer | undefined> {
    const isInterim = bytes.toString('latin1', 0, 12).startsWith('HTTP/1.1 100');
    if (isInterim || !fault.methods.includes(passage.method)) return bytes;
    this.#left--;
    passage.isSilent = true;
    await this.onLost();
    return passage.reset();
  }
}

/** One connection through the proxy. */
class Passage {
  readonly #client: Socket;
  readonly #server: Socket;
  #counted: Fault | undefined;
  #bytes = { request: 0, answer: 0 };
  #freeAtMs = { request: 0, answer: 0 };
  method = '';
  isSilent = false;

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
  }

  /** How many bytes have passed in a direction since a fault began. */
  count(direction: 'request' | 'answer', fault: Fault, byteCount: number): number {
    if (this.#counted !== fault) this.#bytes = { request: 0, answer: 0 };
    this.#counted = fault;
    this.#bytes[direction] += byteCount;
    return this.#bytes[direction];
  }

  /** Waits as long as the bytes take. */
  async squeeze(
    direction: 'request' | 'answer',
    { bytesPerSecond }: Fault & { kind: 'bandwidth' },
    byteCount: number,
  ): Promise<void> {
    const nowMs = performance.now();
    const freeAtMs = Math.max(this.#freeAtMs[direction], nowMs) + (byteCount / bytesPerSecond) * 1_000;
    this.#freeAtMs[direction] = freeAtMs;
    await delay(freeAtMs - nowMs);
  }

  reset(): undefined {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  /** Lets the last bytes arrive before the connection breaks. */
  async endWith(bytes: Buffer): Promise<void> {
    await new Promise((resolve) => this.#client.write(bytes, resolve));
    this.#client.destroy();
    this.#server.destroy();
  }

  end(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}
