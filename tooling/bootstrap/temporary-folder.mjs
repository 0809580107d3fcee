import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of one run's own, open to all users as the system's is, so that what the run leaves shows. */
export class TemporaryFolder {
  #path = mkdtempSync(join(tmpdir(), 'holdfast-'));

  constructor() {
    chmodSync(this.#path, 0o1777);
  }

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
