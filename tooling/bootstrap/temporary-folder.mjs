import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of one run's own, so that what the run leaves there shows. */
export class TemporaryFolder {
  #path = mkdtempSync(join(tmpdir(), 'holdfast-'));

  /** What makes it the temporary folder of a program. */
  get environment() {
    return { TMPDIR: this.#path, TEMP: this.#path, TMP: this.#path };
  }

  /** Removes the folder and returns the names of what lay in it. */
  remove() {
    const names = readdirSync(this.#path);
    rmSync(this.#path, { recursive: true, force: true });
    return names;
  }
}
