import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process that is not to stay behind. */
export interface GuardedProcess {
  readonly pid: number;
  readonly endSignal: NodeJS.Signals;
}

/** What is not to stay behind: a process, or a folder. */
export type Guarded = GuardedProcess | { readonly folder: string };

/** What the process beside this one is told. */
export type GuardMessage =
  | { readonly verb: 'watch'; readonly name: string; readonly guarded: Guarded }
  | { readonly verb: 'forget'; readonly name: string };

const script = fileURLToPath(new URL('end-orphans.ts', import.meta.url));
const environment = { PATH: process.env['PATH'] };

/**
 * Ends the servers of a process that is killed and so cannot end them itself, and removes their data. A process beside
 * it holds the end of a pipe; when the pipe breaks, nobody is left who would need them.
 */
class OrphanGuard {
  #child: ChildProcess | undefined;

  watch(guarded: Guarded): void {
    this.#tell({ verb: 'watch', name: nameOf(guarded), guarded });
  }

  forget(guarded: { readonly pid: number } | { readonly folder: string }): void {
    this.#tell({ verb: 'forget', name: nameOf(guarded) });
  }

  #tell(message: GuardMessage): void {
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
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

function nameOf(guarded: { readonly pid: number } | { readonly folder: string }): string {
  return 'pid' in guarded ? String(guarded.pid) : guarded.folder;
}

/** One for all servers of this process. */
export const orphanGuard: OrphanGuard = new OrphanGuard();
