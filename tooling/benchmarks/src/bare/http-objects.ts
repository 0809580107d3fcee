import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

const blockBytes = 1_048_576;

/** Requests over kept connections to addresses that were signed before: what HTTP costs in this language. */
export class HttpObjects implements Disposable {
  readonly #agent: Agent;

  constructor({ connections }: { readonly connections: number }) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async put(url: string, bytes: Uint8Array): Promise<void> {
    const sent = request(url, this.#sending(bytes.byteLength));
    sent.end(bytes);
    await buffer(await answerTo(sent));
  }

  async putFile(url: string, { path, sizeBytes }: { path: string; sizeBytes: number }): Promise<void> {
    if (sizeBytes <= blockBytes) return this.put(url, await readFile(path));
    const sent = request(url, this.#sending(sizeBytes));
    const answer = answerTo(sent);
    await pipeline(createReadStream(path, { highWaterMark: blockBytes }), sent);
    await buffer(await answer);
  }

  async get(url: string): Promise<Uint8Array> {
    const asked = request(url, { agent: this.#agent });
    asked.end();
    return buffer(await answerTo(asked));
  }

  async getFile(url: string, path: string): Promise<void> {
    const asked = request(url, { agent: this.#agent });
    asked.end();
    await pipeline(await answerTo(asked), createWriteStream(path));
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  #sending(lengthBytes: number) {
    return { method: 'PUT', agent: this.#agent, headers: { 'content-length': lengthBytes } };
  }
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.once('error', reject);
  sent.once('response', (answer) => {
    if (answer.statusCode === 200) return resolve(answer);
    answer.resume();
    reject(new Error(`${sent.method} ${sent.path.split('?')[0]} was answered with ${answer.statusCode}`));
  });
  return promise;
}
