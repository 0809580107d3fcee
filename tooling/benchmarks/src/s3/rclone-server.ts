import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@holdfast/tooling-services';
import { startProgram } from '../framework/child-process.ts';
import { rcloneSettings } from './rclone-settings.ts';

const readyWithinMs = 30_000;

/** rclone as a process that stays, so that its start is not counted. */
export class RcloneServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #address: string;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.#address = address;
  }

  static async start(
    program: string,
    endpoint: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<RcloneServer> {
    const address = `127.0.0.1:${await freePort()}`;
    const child = startProgram(program, ['rcd', '--rc-no-auth', '--rc-addr', address], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...rcloneSettings(endpoint), ...settings },
    });
    const server = new RcloneServer(child, address);
    for (const deadline = Date.now() + readyWithinMs; Date.now() < deadline; await delay(20)) {
      if (child.exitCode !== null) break;
      if (await server.call('rc/noop', {}).then(Boolean, () => false)) return server;
    }
    await server[Symbol.asyncDispose]();
    throw new Error('rclone did not answer.');
  }

  /** @throws Error with what rclone answered when that failed. */
  async call(command: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = await fetch(`http://${this.#address}/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    const told: unknown = await answer.json();
    if (answer.ok) return told;
    throw new Error(`rclone ${command} failed: ${JSON.stringify(told)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
