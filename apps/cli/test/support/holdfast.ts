import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a run of the program left behind. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Buffer;
}

export interface RunOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly workingFolder?: string | undefined;
  /** A program and its arguments to start the executable with. */
  readonly through?: readonly string[] | undefined;
  /** Another process to start, with the same home and working folder. */
  readonly instead?: readonly string[] | undefined;
}

/** The bundle that `setup` made of the sources. */
const executable = process.env['HOLDFAST_TEST_EXECUTABLE'] ?? '';
const compileCache = join(executable, '..', 'compile-cache');

/** A home, a working folder and the real executable in it, all of a test's own. */
export class Holdfast implements Disposable {
  /** The working folder. */
  readonly folder: string;
  readonly #root: string;

  constructor() {
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-cli-')));
    this.folder = join(this.#root, 'work');
    mkdirSync(this.folder);
  }

  /** Another one with the same files. */
  copy(): Holdfast {
    const other = new Holdfast();
    cpSync(this.#root, other.#root, { recursive: true });
    return other;
  }

  /** A path below the working folder. */
  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a file below the working folder and answers its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Runs the program to its end. */
  async run(commandLine: readonly string[], options: RunOptions = {}): Promise<Run> {
    const child = this.start(commandLine, options);
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
    return finish(child);
  }

  /** Runs it and expects success; fails with what it said otherwise. */
  async succeed(commandLine: readonly string[], options: RunOptions = {}): Promise<Run> {
    const run = await this.run(commandLine, options);
    if (run.exitCode === 0) return run;
    throw new Error(`holdfast ${commandLine.join(' ')} ended with ${run.exitCode}:\n${run.stderr}`);
  }

  /** Runs it with `--json` and answers the document. */
  async json<T>(commandLine: readonly string[], options: RunOptions = {}): Promise<T> {
    return JSON.parse((await this.succeed([...commandLine, '--json'], options)).stdout) as T;
  }

  /** Starts the program; its streams are the caller's. */
  start(commandLine: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
    const { command, environment } = this.launch(commandLine);
    const words = options.instead ?? [...(options.through ?? []), ...command];
    return spawn(words[0] as string, words.slice(1), {
      cwd: options.workingFolder ?? this.folder,
      env: { ...environment, ...options.environment },
    });
  }

  /** What a process needs to be the program, in this home. */
  launch(commandLine: readonly string[]): {
    readonly command: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  } {
    const home = join(this.#root, 'home');
    return {
      command: [process.execPath, executable, ...commandLine],
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_DATA_HOME: join(home, 'data'),
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_STATE_HOME: join(home, 'state'),
        TMPDIR: this.#makeFolder('tmp'),
        NODE_COMPILE_CACHE: compileCache,
      },
    };
  }

  /** Every file below the working folder, the home and the temporary folder, sorted; SQLite's companions and reserves left out. */
  files(): readonly string[] {
    return readdirSync(this.#root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.#root.length + 1))
      .filter((path) => !/-(?:wal|shm|reserve)$/.test(path))
      .toSorted();
  }

  /** What an interrupted or refused command must never leave. */
  leftovers(): readonly string[] {
    return this.files().filter((path) =>
      /\.partial(?:\/|$)|\.replaced(?:\/|$)|\/store\/tmp\/|^tmp\//.test(path),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #makeFolder(name: string): string {
    const path = join(this.#root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }
}

/** Waits for a process and gathers what it wrote. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<Run> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const stdoutBytes = Buffer.concat(stdout);
  return { exitCode, stdout: stdoutBytes.toString(), stderr: Buffer.concat(stderr).toString(), stdoutBytes };
}
