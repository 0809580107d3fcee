import { globSync } from 'node:fs';
import { linkFindings } from './documents/link-findings.ts';
import { pathFindings } from './documents/path-findings.ts';
import { report } from './report.ts';

const root = process.cwd();
const documents = globSync('{*.md,{.changeset,docs,packages,apps,tooling}/**/*.md}', {
  cwd: root,
  exclude: ['**/node_modules', '**/dist', '**/CHANGELOG.md'],
}).map((path) => path.replaceAll('\\', '/'));

report('links', [...linkFindings(root, documents), ...pathFindings(root, documents)]);
