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
  scripts: { 'check:package': 'publint --strict && attw --pack --profile esm-only' },
};

/** Where a manifest differs from what all manifests have in common. */
export function shapeFindings(root: string, self: WorkspacePackage): readonly Finding[] {
  const path = `${self.folder}/package.json`;
  const expected = isPublished(self) ? { ...everyPackage, ...publishedPackage } : everyPackage;
  const actual: Readonly<Record<string, unknown>> = { ...self.manifest };
  const findings = Object.entries(expected)
    .filter(([field, value]) => !isDeepStrictEqual(actual[field], value))
    .map(([field, value]) => ({ path, problem: `"${field}" has to be ${JSON.stringify(value)}` }));
  if (isPublished(self) && !existsSync(join(root, self.folder, 'README.md'))) {
    findings.push({ path: self.folder, problem: 'has no README.md' });
  }
  return [...findings, ...versionFindings(self)];
}

function versionFindings({ manifest, folder }: WorkspacePackage): readonly Finding[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([name, version]) => version !== (name.startsWith('@holdfast/') ? 'workspace:*' : 'catalog:'))
    .map(([name]) => ({
      path: `${folder}/package.json`,
      problem: `${name} has to be "catalog:", or "workspace:*" when it is ours`,
    }));
}
