import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printTable } from './print-table.ts';

const heading = /^# (?<number>\d+) · (?<title>.+)$/m;

/**
 * The table of decision records, from their headings.
 *
 * @throws Error for a record without a heading `# NUMBER · TITLE`, or with another number than its file.
 */
export function decisionIndex(root: string): string {
  const rows = globSync('docs/decisions/[0-9]*.md', { cwd: root })
    .map((path) => basename(path))
    .toSorted()
    .map((file) => {
      const { number, title } =
        heading.exec(readFileSync(join(root, 'docs', 'decisions', file), 'utf8'))?.groups ?? {};
      if (number === undefined || title === undefined || Number(number) !== Number.parseInt(file, 10)) {
        throw new Error(
          `docs/decisions/${file} does not begin with "# ${Number.parseInt(file, 10)} · TITLE"`,
        );
      }
      return [`[${number}](${file})`, title];
    });
  return printTable([['', 'decision'], ...rows]);
}
