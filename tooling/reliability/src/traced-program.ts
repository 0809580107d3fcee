import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strace } from '@holdfast/tooling-services';
import { type SystemCall, parseCalls } from './power-cut/parse-calls.ts';

/** What became of a run. */
export interface TracedSubject {
  /** What it said on standard output, line by line, word by word. */
  readonly lines: readonly (readonly string[])[];
  /** Whether it came to its end. */
  readonly isWhole: boolean;
  /** What it said on standard error: strace's own words are not among them. */
  readonly complaints: string;
}

/** The program stops at the calls that are traced alone, and runs twice as fast. strace 6.1 then sends no signals. */
const onlyThese = '--seccomp-bpf';

/** A module that runs as a program of its own, under strace: at its n-th call of a kind, of any thread, something is injected. */
export class TracedProgram {
  readonly #module: string;

  /** @param module the path of a module that runs from its source. */
  constructor(module: string) {
    this.#module = module;
  }

  /** @param fault as strace spells it, such as `signal=SIGKILL:when=3` or `error=EIO:when=3`. */
  run(parameters: readonly string[], call: string, fault: string): Promise<TracedSubject> {
    const filter = fault.startsWith('signal=') ? [] : [onlyThese];
    return this.#trace(
      ['-o', '/dev/null', ...filter, '-e', `trace=${call}`, '-e', `inject=${call}:${fault}`],
      parameters,
    );
  }

  /**
   * The calls of these names that an undisturbed run makes, with every byte that it writes.
   *
   * @throws Error when the run fails.
   */
  async record(parameters: readonly string[], calls: readonly string[]): Promise<readonly SystemCall[]> {
    const tracing = [onlyThese, '-xx', '-s', '100000000', '-e', `trace=${calls.join(',')}`];
    const { log, isWhole, complaints } = await this.#log(tracing, parameters);
    if (!isWhole) throw new Error(`The traced program failed: ${complaints}`);
    return parseCalls(log);
  }

  /** How often an undisturbed run makes each of these calls. */
  async countCalls(
    parameters: readonly string[],
    calls: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const { log } = await this.#log([onlyThese, '-e', `trace=${calls.join(',')}`], parameters);
    const lines = log.split('\n');
    return new Map(calls.map((call) => [call, lines.filter((line) => line.includes(` ${call}(`)).length]));
  }

  async #log(
    tracing: readonly string[],
    parameters: readonly string[],
  ): Promise<TracedSubject & { readonly log: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-trace-'));
    try {
      const path = join(folder, 'calls');
      const ended = await this.#trace(['-o', path, ...tracing], parameters);
      return { ...ended, log: await readFile(path, 'latin1') };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** One thread for files, so that the n-th call is the same call every time. */
  #trace(tracing: readonly string[], parameters: readonly string[]): Promise<TracedSubject> {
    const program = [process.execPath, '--conditions=@holdfast/source', this.#module, ...parameters];
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' };
    return new Promise((resolve) => {
      execFile(
        strace() ?? 'strace',
        ['-f', '-qqq', ...tracing, ...program],
        { env, timeout: 60_000 },
        (error, stdout, stderr) => {
          const lines = stdout
            .trim()
            .split('\n')
            .map((line) => line.split(' '));
          resolve({ lines, isWhole: error === null, complaints: stderr });
        },
      );
    });
  }
}
