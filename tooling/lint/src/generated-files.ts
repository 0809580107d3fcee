import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { boundaries } from './boundaries.ts';
import { publishedManifest } from './published-manifest.ts';
import { isPublished } from './published.ts';
import type { WorkspacePackage } from './workspace.ts';

/** A file whose content follows from the manifests and the table of layers. */
export interface GeneratedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly content: unknown;
}

/** Every generated file of the repository. */
export function generatedFiles(
  root: string,
  packages: readonly WorkspacePackage[],
): readonly GeneratedFile[] {
  const compiled = packages.filter(isPublished);
  const repositoryUrl = readRepositoryUrl(root);
  return [
    rootTurbo(root),
    rootTsconfig(compiled),
    ...packages.map(turbo),
    ...compiled.map((self) => tsconfig(self, compiled)),
    ...compiled.map((self) => ({
      path: `${self.folder}/package.json`,
      content: publishedManifest(self, repositoryUrl),
    })),
  ];
}

/** The one place that names the repository is the manifest of the root. */
function readRepositoryUrl(root: string): string {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: { url: string };
  };
  return repository.url;
}

function rootTurbo(root: string): GeneratedFile {
  const current = JSON.parse(readFileSync(join(root, 'turbo.json'), 'utf8')) as object;
  return { path: 'turbo.json', content: { ...current, boundaries } };
}

function rootTsconfig(compiled: readonly WorkspacePackage[]): GeneratedFile {
  const paths = [...compiled.map(({ folder }) => folder), './tsconfig.test.json'];
  return { path: 'tsconfig.json', content: { files: [], references: paths.map((path) => ({ path })) } };
}

function turbo({ folder, layer }: WorkspacePackage): GeneratedFile {
  return {
    path: `${folder}/turbo.json`,
    content: { $schema: 'https://turborepo.dev/schema.json', extends: ['//'], tags: [layer] },
  };
}

function tsconfig(self: WorkspacePackage, compiled: readonly WorkspacePackage[]): GeneratedFile {
  const { folder, layer, manifest } = self;
  const { dependencies, devDependencies } = manifest;
  const compiledAgainst = { ...dependencies, ...(layer === 'app' ? devDependencies : {}) };
  const references = compiled
    .filter(({ name }) => compiledAgainst[name] !== undefined)
    .map((other) => ({ path: posix.relative(folder, other.folder) }));
  return {
    path: `${folder}/tsconfig.json`,
    content: {
      extends: posix.relative(folder, 'tooling/tsconfig/library.json'),
      compilerOptions: {
        rootDir: 'src',
        outDir: 'dist',
        tsBuildInfoFile: 'dist/.tsbuildinfo',
        ...(devDependencies?.['@types/node'] === undefined ? {} : { types: ['node'] }),
      },
      include: ['src'],
      exclude: ['src/**/*.test.ts'],
      ...(references.length === 0 ? {} : { references }),
    },
  };
}
