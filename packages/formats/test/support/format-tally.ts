import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';

const page = join(resolve(import.meta.dirname, '..', '..', '..', '..'), 'docs', 'formats.md');

/** Counts what came of the files of one format that were read beside an oracle: a row of docs/formats.md. */
export class FormatTally {
  readonly #format: string;
  readonly #source: string;
  readonly #refusals = new Map<string, number>();
  readonly #beyond = new Map<string, number>();
  #equalCount = 0;

  constructor(format: string, source: string) {
    this.#format = format;
    this.#source = source;
  }

  /** Files whose values are those of the oracle. */
  equal(count = 1): void {
    this.#equalCount += count;
  }

  /** A file that is refused with this reason. */
  refused(reason: string): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
  }

  /** A file that the oracle does not read. */
  beyond(what: string): void {
    this.#beyond.set(what, (this.#beyond.get(what) ?? 0) + 1);
  }

  /** Checks that the page has this row; with `HOLDFAST_WRITE_FORMATS=true` writes it there. */
  expectOnPage(): void {
    const [refused, beyond] = [total(this.#refusals), total(this.#beyond)];
    const cells = [
      this.#format,
      this.#source,
      this.#equalCount + refused + beyond,
      this.#equalCount,
      withReasons(this.#refusals),
      withReasons(this.#beyond),
      0,
    ];
    const row = `| ${cells.join(' | ')} |`;
    const text = readFileSync(page, 'utf8');
    const isOurs = (line: string): boolean =>
      normalised(line).startsWith(`| ${this.#format} | ${this.#source} |`);
    if (process.env['HOLDFAST_WRITE_FORMATS'] === 'true')
      writeFileSync(
        page,
        text
          .split('\n')
          .map((line) => (isOurs(line) ? row : line))
          .join('\n'),
      );
    else expect(text.split('\n').filter(isOurs).map(normalised)).toEqual([row]);
  }
}

function withReasons(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return '0';
  const reasons = [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => `${reason} (${count})`);
  return `${total(counts)}: ${reasons.join('; ')}`;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** A row without the padding that depends on other rows. */
function normalised(line: string): string {
  return line.replaceAll(/ +/g, ' ');
}
