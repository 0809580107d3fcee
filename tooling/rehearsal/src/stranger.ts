import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Registry } from './registry.ts';
import { nodeFolders, nodeProgram, root } from './repository.ts';
import { runProgram } from './run-program.ts';
import { writeHome } from './write-home.ts';

const windows = process.platform === 'win32';
const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');

/** Somebody with an empty folder, who knows a registry and nothing of this repository. */
export class Stranger {
  /** The project, empty at first. */
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#environment = environment;
  }

  /** @param home an absent folder, which will hold everything that the stranger has */
  static async arrive(home: string, { settings }: Registry): Promise<Stranger> {
    const path = [nodeFolders[24], process.env['PATH'] ?? ''].join(delimiter);
    const environment = await writeHome(home, { settings, path });
    const folder = join(home, 'project');
    await mkdir(folder);
    return new Stranger(folder, environment);
  }

  /** Writes a file of the project. */
  async write(path: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** `npm install <names>` */
  async install(...names: readonly string[]): Promise<void> {
    await this.#npm(['install', ...names]);
  }

  /** `npm install --global <name>`; answers the folder that is to be put on the `PATH`. */
  async installGlobally(name: string): Promise<string> {
    const prefix = join(this.folder, '..', 'global');
    await this.#npm(['install', '--global', '--prefix', prefix, name]);
    return windows ? prefix : join(prefix, 'bin');
  }

  /** `pnpm add <names>`, where each package sees what its manifest names and nothing more. */
  async installStrictly(...names: readonly string[]): Promise<void> {
    const strict = [
      '--config.hoist=false',
      '--config.auto-install-peers=false',
      '--config.engine-strict=true',
    ];
    await this.run([
      nodeProgram('24'),
      pnpm,
      'add',
      ...strict,
      `--store-dir=${this.folder}/../store`,
      ...names,
    ]);
  }

  /** Runs a script of the project, or of a package in it. */
  node(version: keyof typeof nodeFolders, ...words: readonly string[]): Promise<string> {
    return this.run([nodeProgram(version), ...words]);
  }

  /** Runs a program with its arguments in the project. */
  run(
    [program = '', ...words]: readonly string[],
    options: { readonly path?: string } = {},
  ): Promise<string> {
    const { path } = options;
    const environment = path === undefined ? this.#environment : { ...this.#environment, PATH: path };
    return runProgram(program, words, { workingFolder: this.folder, environment });
  }

  async #npm(words: readonly string[]): Promise<void> {
    await this.run([windows ? 'npm.cmd' : 'npm', ...words]);
  }
}
