/** Where an output is not as it was shown. */
export interface Difference {
  /** Counted from 0. */
  readonly index: number;
  /** `undefined` where nothing more was expected. */
  readonly expected: string | undefined;
  /** `undefined` where nothing more was printed. */
  readonly actual: string | undefined;
}

/**
 * The first line in which an output differs from what was shown, or `undefined`.
 * In what was shown, `…` stands for any characters of a line, at least one. How wide a column is does not count,
 * since it follows from what stands in it: two spaces or more between words are as many others, and none at the end.
 */
export function differingLine(shown: string, printed: string): Difference | undefined {
  const [expected, actual] = [linesOf(shown), linesOf(printed)];
  const count = Math.max(expected.length, actual.length);
  for (let index = 0; index < count; index++) {
    const [one, other] = [expected[index], actual[index]];
    if (one === undefined || other === undefined || !fits(other, one)) {
      return { index, expected: one, actual: other };
    }
  }
  return undefined;
}

function linesOf(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => line.trimEnd().replaceAll(/(?<=\S) {2,}/g, '  '));
}

function fits(line: string, pattern: string): boolean {
  const parts = pattern.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.+')}$`).test(line);
}
