/**
 * @typedef {object} Counts
 * @property {number} [passed]
 * @property {number} [failed]
 * @property {number} [skipped]
 */

/** Counts of tests; every check is one test. */
export class Tally {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  /** @param {Counts} counts */
  add({ passed = 0, failed = 0, skipped = 0 }) {
    this.#passed += passed;
    this.#failed += failed;
    this.#skipped += skipped;
  }

  get exitCode() {
    return this.#failed > 0 ? 1 : 0;
  }

  toString() {
    return `${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`;
  }
}
