import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { orphanGuard } from './orphan-guard.ts';
import type { SystemUser } from './unprivileged-user.ts';

const usuallyReadyWithinMs = 60_000;
const endWithinMs = 5_000;
const keptOutputCharacters = 4_000;

/** What a process is started with. */
interface ProcessOptions {
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: SystemUser | undefined;
  readonly endSignal?: NodeJS.Signals;
}

/** A server's process, which never outlives this one. */
export class ServerProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #endSignal: NodeJS.Signals;
  readonly #killAtExit = (): void => void this.#child.kill('SIGKILL');
  #output = '';

  constructor(name: string, program: string, options: ProcessOptions) {
    this.#name = name;
    this.#endSignal = options.endSignal ?? 'SIGTERM';
    this.#child = spawn(program, options.arguments, {
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options.user,
    });
    this.#child.on('error', (error) => this.#keep(String(error)));
    this.#child.stdout?.on('data', (bytes) => this.#keep(String(bytes)));
    this.#child.stderr?.on('data', (bytes) => this.#keep(String(bytes)));
    const { pid } = this.#child;
    if (pid !== undefined) {
      orphanGuard.watch({ pid, endSignal: this.#endSignal });
      this.#child.on('exit', () => orphanGuard.forget({ pid }));
    }
    process.on('exit', this.#killAtExit);
  }

  /**
   * Waits until the server answers.
   *
   * @throws Error with the end of its output when it ends before, or does not answer in time.
   */
  async untilReady(
    isReady: () => Promise<boolean>,
    readyWithinMs: number = usuallyReadyWithinMs,
  ): Promise<void> {
    const deadline = Date.now() + readyWithinMs;
    while (Date.now() < deadline) {
      if (!this.#isRunning) throw new Error(`${this.#name} ended at once:\n${this.#output}`);
      if (await isReady().catch(() => false)) return;
      await delay(50);
    }
    throw new Error(`${this.#name} did not answer within ${readyWithinMs / 1000} s:\n${this.#output}`);
  }

  /** Asks the server to end, and makes it when it does not. */
  async end(): Promise<void> {
    process.off('exit', this.#killAtExit);
    if (!this.#isRunning) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(this.#endSignal);
    const force = setTimeout(() => this.#child.kill('SIGKILL'), endWithinMs);
    await ended;
    clearTimeout(force);
  }

  get #isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-keptOutputCharacters);
  }
}
