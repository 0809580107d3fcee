import { globSync } from 'node:fs';
import { report } from './report.ts';
import { documentFindings } from './voice/document-findings.ts';
import { stringFindings } from './voice/string-findings.ts';

const root = process.cwd();
const generated = ['**/node_modules', '**/dist', '**/CHANGELOG.md'];

/** Records of decisions are history, and keep their words. */
const documents = globSync('{*.md,{.changeset,docs,packages,apps,tooling}/**/*.md}', {
  cwd: root,
  exclude: [...generated, 'docs/decisions'],
});

/** The titles of the conformance kit's cases are names of tests. */
const sources = globSync('{packages,apps}/**/src/**/*.ts', {
  cwd: root,
  exclude: [...generated, '**/*.test.ts', 'packages/conformance'],
});

report('voice', [...documentFindings(root, documents), ...stringFindings(root, sources)]);
