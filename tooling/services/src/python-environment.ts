import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';
import { runProgram } from './run-program.ts';

/** Python packages in a folder of the cache, apart from those of the machine and of other tools. */
export class PythonEnvironment {
  readonly #folder: string;
  readonly #requirements: string;

  /** Its folder in the cache, and the file of its requirements in `tooling/services/python`. */
  constructor(name: string, { requirements }: { readonly requirements: string }) {
    this.#folder = join(cacheFolder, name);
    this.#requirements = join(import.meta.dirname, '..', 'python', requirements);
  }

  /** The path of a program of it, or `undefined` when it is not installed as the requirements say today. */
  program(name: string): string | undefined {
    const path = this.#path(name);
    return existsSync(path) && this.#isCurrent() ? path : undefined;
  }

  async install(): Promise<void> {
    await this.#create();
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--requirement', this.#requirements];
    await runProgram(this.#path('python'), pip);
    await writeFile(this.#stampFile, this.#fingerprint());
  }

  /** Debian's Python comes without the module that makes environments. */
  async #create(): Promise<void> {
    const venvArguments = ['-m', 'venv', '--clear', this.#folder];
    const python = findProgram('python3') ?? 'python';
    try {
      await runProgram(python, venvArguments);
    } catch (error) {
      if (!canInstallSystemPackages()) throw error;
      await installSystemPackages(['python3-venv']);
      await runProgram(python, venvArguments);
    }
  }

  get #stampFile(): string {
    return join(this.#folder, 'installed');
  }

  #path(program: string): string {
    return process.platform === 'win32'
      ? join(this.#folder, 'Scripts', `${program}.exe`)
      : join(this.#folder, 'bin', program);
  }

  #isCurrent(): boolean {
    return existsSync(this.#stampFile) && readFileSync(this.#stampFile, 'utf8') === this.#fingerprint();
  }

  /** The programs of an environment name its folder: moved elsewhere they do not run. */
  #fingerprint(): string {
    return createHash('sha256').update(readFileSync(this.#requirements)).update(this.#folder).digest('hex');
  }
}
