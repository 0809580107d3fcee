import { globSync } from 'node:fs';
import { nameFindings } from './name-findings.ts';
import { report } from './report.ts';

const files = globSync('{packages,apps,tooling}/**/*.{ts,tsx,mts,mjs,py}', {
  cwd: process.cwd(),
  exclude: ['**/node_modules', '**/dist'],
});

report('names', nameFindings(files));
