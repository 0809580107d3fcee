import { layers, wiring } from './layers.ts';
import { namesIn, type WorkspacePackage } from './workspace.ts';

/** An entry of `overrides` in the linter's configuration. */
export interface ImportRestriction {
  readonly files: string[];
  readonly excludeFiles: string[];
  readonly rules: {
    'no-restricted-imports': ['error', { patterns: { group: string[]; message: string }[] }];
  };
}

const sources = '**/*.{ts,tsx,mts,mjs}';
/** Tests, wherever they lie: they see more layers than shipped code does. */
export const testFiles = ['**/*.test.{ts,tsx}', '**/test/**'];

/** What each package's shipped code and tests may import, as rules of the linter. */
export function importRestrictions(packages: readonly WorkspacePackage[]): ImportRestriction[] {
  return packages.flatMap((self) => [shippedCode(self, packages), tests(self, packages)]);
}

function shippedCode(self: WorkspacePackage, packages: readonly WorkspacePackage[]): ImportRestriction {
  const { imports, external, node } = layers[self.layer];
  const allowed = namesIn(packages, imports);
  const group = external === 'any' ? anyExternal(self, allowed) : onlyThese([...allowed, ...external]);
  if (node === 'always') group.push('!node:*', '!node:*/**');
  else group.push('node:*', 'node:*/**');
  return {
    files: [`${self.folder}/${sources}`],
    excludeFiles: testFiles,
    rules: restrict(
      group,
      `${self.layer} may import: ${describe(imports, external)}. See tooling/lint/src/layers.ts.`,
    ),
  };
}

function tests(self: WorkspacePackage, packages: readonly WorkspacePackage[]): ImportRestriction {
  const { imports, testImports, node } = layers[self.layer];
  const visible = [...imports, ...testImports];
  const group = anyExternal(self, [self.name, ...namesIn(packages, visible)]);
  if (node === 'never') group.push('node:*', 'node:*/**');
  return {
    files: testFiles.map((pattern) => `${self.folder}/${pattern}`),
    excludeFiles: [],
    rules: restrict(
      group,
      `Tests of ${self.layer} may import: ${describe(visible, 'any')}. See tooling/lint/src/layers.ts.`,
    ),
  };
}

/**
 * Patterns are read as in `.gitignore`: the last one that fits decides. They have to stand in one
 * group, since a `!` in one group would also lift the others.
 */
function onlyThese(names: readonly string[]): string[] {
  return ['*', '!./**', '!../**', ...names.map((name) => `!${name}`)];
}

function anyExternal(self: WorkspacePackage, allowed: readonly string[]): string[] {
  const forbidden = self.layer === 'composition' ? [] : wiring.flatMap((name) => [name, `${name}/**`]);
  return ['@holdfast/**', ...allowed.map((name) => `!${name}`), ...forbidden];
}

function restrict(group: string[], message: string): ImportRestriction['rules'] {
  return { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] };
}

function describe(names: readonly string[], external: readonly string[] | 'any'): string {
  const packages = external === 'any' ? ['packages from outside'] : external;
  return [...names, ...packages].join(', ') || 'nothing';
}
