import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process that is not to stay behind. */
export interface Guarded {
  readonly pid: number;
  readonly endSignal: NodeJS.Signals;
}

const script = fileURLToPath(new URL('end-orphans.ts', import.meta.url));
const environment = { PATH: process.env['PATH'] };

/**
 * Ends the servers of a process that is killed and so cannot end them itself. A process beside it holds the end of a
 * pipe; when the pipe breaks, nobody is left who would need them.
 */
class OrphanGuard {
  #child: ChildProcess | undefined;

  watch({ pid, endSignal }: Guarded): void {
    this.#tell(`watch ${pid} ${endSignal}`);
  }

  forget({ pid }: Pick<Guarded, 'pid'>): void {
    this.#tell(`forget ${pid}`);
  }

  #tell(line: string): void {
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${line}\n`);
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [script], {
      detached: true,
      env: environment,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.unref();
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    (child.stdin as typeof child.stdin & { unref: () => void }).unref();
    return child;
  }
}

/** One for all servers of this process. */
export const orphanGuard: OrphanGuard = new OrphanGuard();
