import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ContainerClient } from '@azure/storage-blob';

/** Stands in front of azurite, which cannot make blocks from the bytes of other blobs, and makes them in its place. */
export class BlockCopyServer implements AsyncDisposable {
  readonly #server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
  readonly #target: URL;
  readonly #container: ContainerClient;
  /** What was asked for as bytes of other blobs. */
  readonly ranges: string[] = [];
  /** Called when a block was made. */
  onBlock: () => Promise<void> = async () => undefined;

  private constructor(target: string, container: ContainerClient) {
    this.#target = new URL(target);
    this.#container = container;
  }

  /** Begins to listen; `container` reaches the same blobs past this server. */
  static async open(target: string, container: ContainerClient): Promise<BlockCopyServer> {
    const server = new BlockCopyServer(target, container);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#target.pathname}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const source = incoming.headers['x-ms-copy-source'];
    const url = new URL(incoming.url ?? '/', this.#target);
    if (typeof source === 'string' && url.searchParams.get('comp') === 'block')
      await this.#makeBlock({ source, url, range: String(incoming.headers['x-ms-source-range']) }, outgoing);
    else this.#pass(incoming, outgoing);
  }

  async #makeBlock(
    { source, url, range }: { readonly source: string; readonly url: URL; readonly range: string },
    outgoing: ServerResponse,
  ): Promise<void> {
    this.ranges.push(range);
    const { pathname, search } = new URL(source);
    const answer = await fetch(new URL(pathname + search, this.#target), { headers: { range } });
    if (answer.status !== 206) {
      outgoing.writeHead(answer.status, {
        'x-ms-request-id': '1',
        'x-ms-error-code': 'CannotVerifyCopySource',
      });
      outgoing.end();
      return;
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    const name = decodeURIComponent(url.pathname.split('/').slice(3).join('/'));
    const id = url.searchParams.get('blockid') ?? '';
    await this.#container.getBlockBlobClient(name).stageBlock(id, bytes, bytes.byteLength);
    await this.onBlock();
    outgoing.writeHead(201, { 'x-ms-request-id': '1' }).end();
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { hostname, port } = this.#target;
    const { method, url, headers } = incoming;
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  }
}
