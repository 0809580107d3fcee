import type { Manifest, WorkspacePackage } from './workspace.ts';

/** Fields in the order in which they stand; those that are not named here come last. */
const order = [
  'name',
  'version',
  'description',
  'keywords',
  'homepage',
  'bugs',
  'repository',
  'license',
  'type',
  'engines',
  'sideEffects',
  'bin',
  'exports',
  'files',
  'publishConfig',
  'scripts',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optionalDependencies',
  'devDependencies',
];

const manifestItself = { './package.json': './package.json' };
const compiled = { types: './dist/index.d.ts', default: './dist/index.js' };
/** Fits the extra folders of a package, such as a schema, apart from what it is built into or from. */
const notExtra = new Set(['dist', 'dist/bundle', 'src', 'CHANGELOG.md']);

/**
 * The manifest of a package that goes to the registry: what follows from the repository is filled in, what is the
 * package's own (`description`, `keywords`, `bin`, dependencies, extra `files`, `sideEffects`) stays.
 *
 * In the repository `exports` leads to the sources; `publishConfig.exports` takes its place in what is published,
 * where there are none.
 *
 * @param repositoryUrl such as `git+https://example.org/owner/name.git`
 */
export function publishedManifest(
  { folder, layer, manifest }: WorkspacePackage,
  repositoryUrl: string,
): object {
  const site = repositoryUrl.replace(/^git\+/, '').replace(/\.git$/, '');
  const isBundled = layer === 'app';
  const fields = {
    ...manifest,
    homepage: `${site}/tree/main/${folder}#readme`,
    bugs: `${site}/issues`,
    repository: { type: 'git', url: repositoryUrl, directory: folder },
    engines: { node: '>=22.18' },
    sideEffects: manifest.sideEffects ?? false,
    exports: { '.': { '@holdfast/source': './src/index.ts', ...compiled }, ...manifestItself },
    files: isBundled
      ? ['dist/bundle', 'CHANGELOG.md']
      : ['dist', ...extraFiles(manifest), '!dist/**/*.tsbuildinfo', 'CHANGELOG.md'],
    publishConfig: {
      access: 'public',
      provenance: true,
      exports: isBundled ? manifestItself : { '.': compiled, ...manifestItself },
    },
    ...(manifest.dependencies === undefined ? {} : { dependencies: ranged(manifest.dependencies) }),
  };
  return Object.fromEntries(
    Object.entries(fields).toSorted(([left], [right]) => position(left) - position(right)),
  );
}

function extraFiles({ files = [] }: Manifest): readonly string[] {
  return files.filter((file) => !file.startsWith('!') && !notExtra.has(file));
}

/** All packages have one version, and any patch of it will do: two copies of a package in one program are avoided. */
function ranged(dependencies: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, version]) => [
      name,
      name.startsWith('@holdfast/') ? 'workspace:^' : version,
    ]),
  );
}

function position(field: string): number {
  const index = order.indexOf(field);
  return index === -1 ? order.length : index;
}
