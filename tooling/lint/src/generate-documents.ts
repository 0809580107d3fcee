import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedSections } from './documents/generated-sections.ts';
import { replaceSection } from './documents/replace-section.ts';
import { report } from './report.ts';
import { readWorkspace } from './workspace.ts';

const root = process.cwd();
const sections = Map.groupBy(generatedSections(root, readWorkspace(root)), ({ path }) => path);
const outdated = Array.from(sections, ([path, own]) => {
  const current = readFileSync(join(root, path), 'utf8');
  return { path, current, text: own.reduce(replaceSection, current) };
}).filter(({ current, text }) => current !== text);

if (process.argv.includes('--check')) {
  report(
    'generated parts of documents',
    outdated.map(({ path }) => ({
      path,
      problem: 'is not what manifests, schemas and records say: run `pnpm generate`',
    })),
  );
} else {
  for (const { path, text } of outdated) {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
