import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LayerName } from './layers.ts';
import { isPublished } from './published.ts';
import type { Finding } from './report.ts';
import type { WorkspacePackage } from './workspace.ts';

const everyPackage = { license: 'Apache-2.0', type: 'module' };
const neverPublished: ReadonlySet<LayerName> = new Set(['benchmarks', 'tooling', 'web']);
const fewestKeywords = 3;

/** What the whole workspace says about versions. */
export interface ShapeOptions {
  /** The versions of packages from outside, by name. */
  readonly catalog: ReadonlyMap<string, string>;
}

/** Where a package lacks what all packages have. What can be written for it is a matter of the generated files. */
export function shapeFindings(
  root: string,
  self: WorkspacePackage,
  { catalog }: ShapeOptions,
): readonly Finding[] {
  const path = `${self.folder}/package.json`;
  const problems = [...differences(self), ...versionProblems(self)];
  if (isPublished(self)) problems.push(...publicationProblems(root, self), ...rangeProblems(self, catalog));
  return problems.map((problem) => ({ path, problem }));
}

function differences({ manifest }: WorkspacePackage): readonly string[] {
  const actual: Readonly<Record<string, unknown>> = { ...manifest };
  return Object.entries(everyPackage)
    .filter(([field, value]) => !isDeepStrictEqual(actual[field], value))
    .map(([field, value]) => `"${field}" has to be ${JSON.stringify(value)}`);
}

function publicationProblems(root: string, self: WorkspacePackage): readonly string[] {
  const { description = '', keywords = [] } = self.manifest;
  const problems: string[] = [];
  if (neverPublished.has(self.layer)) problems.push('is not for others: "private" has to be true');
  if (description === '') problems.push('"description" has to say in one line what the package is for');
  if (keywords.length < fewestKeywords || !keywords.includes('holdfast')) {
    problems.push(`"keywords" has to hold "holdfast" and at least ${fewestKeywords - 1} more`);
  }
  if (self.layer === 'app' && self.manifest.dependencies !== undefined) {
    problems.push('is published as a bundle: what goes into that belongs to "devDependencies"');
  }
  if (!existsSync(join(root, self.folder, 'README.md'))) problems.push('has no README.md beside it');
  return problems;
}

function versionProblems({ manifest }: WorkspacePackage): readonly string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([name, version]) => !isVersionOf(name, version))
    .map(([name]) => `${name} has to be "catalog:", or "workspace:*" when it is ours`);
}

function isVersionOf(name: string, version: string): boolean {
  return name.startsWith('@holdfast/') ? /^workspace:[*^]$/.test(version) : version === 'catalog:';
}

/** Who installs a package should get the patches of what it needs, and share it with other packages. */
function rangeProblems(
  { manifest }: WorkspacePackage,
  catalog: ReadonlyMap<string, string>,
): readonly string[] {
  return Object.keys(manifest.dependencies ?? {})
    .filter((name) => !name.startsWith('@holdfast/') && !catalog.get(name)?.startsWith('^'))
    .map((name) => `${name} is shipped: its version in pnpm-workspace.yaml has to begin with ^`);
}
