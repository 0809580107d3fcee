import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isPublished } from './published.ts';
import type { Finding } from './report.ts';
import type { WorkspacePackage } from './workspace.ts';

const everyPackage = { license: 'Apache-2.0', type: 'module' };

const publishedPackage = {
  engines: { node: '>=22.18' },
  exports: {
    '.': {
      '@holdfast/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
    },
    './package.json': './package.json',
  },
  publishConfig: { access: 'public', provenance: true },
};

const packageCheck = 'publint --strict && attw --pack --profile esm-only';

/** Where a package differs from what all packages have in common. */
export function shapeFindings(root: string, self: WorkspacePackage): readonly Finding[] {
  const path = `${self.folder}/package.json`;
  const problems = [...differences(self, everyPackage), ...versionProblems(self)];
  if (isPublished(self)) problems.push(...publicationProblems(root, self));
  return problems.map((problem) => ({ path, problem }));
}

function differences({ manifest }: WorkspacePackage, expected: object): readonly string[] {
  const actual: Readonly<Record<string, unknown>> = { ...manifest };
  return Object.entries(expected)
    .filter(([field, value]) => !isDeepStrictEqual(actual[field], value))
    .map(([field, value]) => `"${field}" has to be ${JSON.stringify(value)}`);
}

function publicationProblems(root: string, self: WorkspacePackage): readonly string[] {
  const problems = [...differences(self, publishedPackage)];
  if (self.manifest.scripts?.['check:package'] !== packageCheck) {
    problems.push(`the script "check:package" has to be "${packageCheck}"`);
  }
  if (!existsSync(join(root, self.folder, 'README.md'))) problems.push('has no README.md beside it');
  return problems;
}

function versionProblems({ manifest }: WorkspacePackage): readonly string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([name, version]) => version !== (name.startsWith('@holdfast/') ? 'workspace:*' : 'catalog:'))
    .map(([name]) => `${name} has to be "catalog:", or "workspace:*" when it is ours`);
}
