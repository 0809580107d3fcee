import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

/** A new folder for a run's data that goes when the run does, however it ends. */
export class WorkFolder implements Disposable {
  readonly path: string;
  readonly #remove = (): void => this[Symbol.dispose]();

  private constructor(path: string) {
    this.path = path;
    process.on('exit', this.#remove);
  }

  /** Makes the folder inside another one, whose disk is the one that is measured. */
  static async make(parent: string): Promise<WorkFolder> {
    await mkdir(parent, { recursive: true });
    return new WorkFolder(await mkdtemp(join(parent, 'run-')));
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    rmSync(this.path, { recursive: true, force: true });
  }
}
