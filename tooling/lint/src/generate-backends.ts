import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendTables } from './documents/backend-tables.ts';
import { replaceSection } from './documents/replace-section.ts';
import { readResults, storageDeclarations } from './documents/storage-declarations.ts';
import { report } from './report.ts';

const root = process.cwd();
const path = join(root, 'docs', 'backends.md');
const current = readFileSync(path, 'utf8');
const tables = backendTables(storageDeclarations(root, readResults(root)));
const found = tables.reduce(replaceSection, current);

if (process.argv.includes('--check')) {
  const [said, run] = [rowsOf(current), rowsOf(found)];
  const isWhole = process.env['CI'] === 'true';
  const unsaid = run
    .filter((row) => !said.includes(row))
    .map((row) => `does not say what the run found: ${row}`);
  const unfound = said
    .filter((row) => !run.includes(row))
    .map((row) => `says what the run did not find: ${row}`);
  const problems = isWhole ? [...unsaid, ...unfound] : unsaid;
  report(
    'what adapters declare',
    problems.map((problem) => ({
      path: 'docs/backends.md',
      problem: `${problem} Run \`pnpm generate:backends\`.`,
    })),
  );
} else {
  writeFileSync(path, found);
  console.log('wrote docs/backends.md');
}

/** The rows of tables, without their widths: those depend on other rows, of which some are missing where a server is. */
function rowsOf(document: string): readonly string[] {
  return document
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
    .map((line) => line.replaceAll(/ +/g, ' '));
}
