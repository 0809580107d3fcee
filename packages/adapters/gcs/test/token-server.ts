import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the planted credentials hold, and what no message may show. */
export const plantedSecrets = ['planted-subject-0123456789', 'planted-token-0123456789'] as const;

/** Gives tokens for an external account, whose key file it writes: all of it on this machine. */
export class TokenServer implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        access_token: plantedSecrets[1],
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 3_600,
      }),
    );
  });
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<TokenServer> {
    const server = new TokenServer(await mkdtemp(join(tmpdir(), 'holdfast-gcs-')));
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    const subject = join(server.#folder, 'subject');
    const { port } = server.#server.address() as AddressInfo;
    await writeFile(subject, plantedSecrets[0]);
    await writeFile(
      server.keyFile,
      JSON.stringify({
        type: 'external_account',
        audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `http://127.0.0.1:${port}/token`,
        credential_source: { file: subject },
      }),
    );
    return server;
  }

  get keyFile(): string {
    return join(this.#folder, 'key.json');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
