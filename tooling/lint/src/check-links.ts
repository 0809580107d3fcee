import { globSync } from 'node:fs';
import { linkFindings } from './documents/link-findings.ts';
import { report } from './report.ts';

const documents = globSync('{*.md,{.changeset,docs,packages,apps,tooling}/**/*.md}', {
  cwd: process.cwd(),
  exclude: ['**/node_modules', '**/dist'],
});

report(
  'links',
  linkFindings(
    process.cwd(),
    documents.map((path) => path.replaceAll('\\', '/')),
  ),
);
