import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerProcess, freePort } from '@holdfast/tooling-services';

const verdaccio = join(import.meta.dirname, '..', 'node_modules', 'verdaccio', 'bin', 'verdaccio');

/** It has no other registry to ask: what was not published to it does not exist. */
const configuration = {
  storage: './storage',
  auth: { htpasswd: { file: './htpasswd' } },
  security: { api: { jwt: { sign: { expiresIn: '1d' } } } },
  uplinks: {},
  packages: { '**': { access: '$all', publish: '$authenticated' } },
  web: { enable: false },
  max_body_size: '1gb',
  log: { type: 'stdout', format: 'pretty', level: 'warn' },
};

/** A version of a package, as the protocol of npm's registries has it. */
export interface VersionDocument {
  readonly _id: string;
  readonly name: string;
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, object>>;
  readonly _attachments: Readonly<Record<string, object>>;
}

/** A registry of npm packages on the loopback, with one user. */
export class Registry implements AsyncDisposable {
  /** Without a slash at the end. */
  readonly address: string;
  /** What the user proves itself with. */
  readonly token: string;
  readonly #server: ServerProcess;

  private constructor(server: ServerProcess, address: string, token: string) {
    this.#server = server;
    this.address = address;
    this.token = token;
  }

  /**
   * Starts a registry on a free port.
   *
   * @param folder an empty one, which holds the registry's files
   */
  static async open(folder: string): Promise<Registry> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'config.yaml');
    await writeFile(file, JSON.stringify(configuration));
    const listen = `127.0.0.1:${await freePort()}`;
    const address = `http://${listen}`;
    const server = new ServerProcess('the registry', process.execPath, {
      arguments: [verdaccio, '--config', file, '--listen', listen],
    });
    try {
      await server.untilReady(async () => (await fetch(`${address}/-/ping`)).ok);
      return new Registry(server, address, await createUser(address));
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  /** The lines of an `.npmrc` that make it the only registry. */
  get settings(): string {
    return `registry=${this.address}/\n${this.address.replace('http:', '')}/:_authToken=${this.token}\n`;
  }

  /**
   * Publishes a version of a package as `npm publish` does.
   *
   * @throws Error when the registry refuses it.
   */
  async publish(document: VersionDocument): Promise<void> {
    const response = await fetch(`${this.address}/${encodeURIComponent(document.name)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    });
    if (!response.ok) throw new Error(`${document.name} was refused: ${await response.text()}`);
  }

  /** The tarball of a published version. */
  async tarball(name: string, version: string): Promise<Uint8Array> {
    const file = `${name.replace(/^.*\//, '')}-${version}.tgz`;
    const response = await fetch(`${this.address}/${name}/-/${file}`);
    if (!response.ok) throw new Error(`${name}@${version} was not published: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.end();
  }
}

async function createUser(address: string): Promise<string> {
  const name = 'rehearsal';
  const response = await fetch(`${address}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: crypto.randomUUID() }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`the registry gave no token: ${response.status}`);
  return token;
}
