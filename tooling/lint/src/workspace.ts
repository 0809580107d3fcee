import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LayerName, layers } from './layers.ts';

/** The fields of a `package.json` that the checks look at. */
export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly keywords?: readonly string[];
  readonly files?: readonly string[];
  /** Whether the order in which modules are loaded matters to a bundler. */
  readonly sideEffects?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package of this repository. */
export interface WorkspacePackage {
  readonly name: string;
  /** Relative to the root, with `/`. */
  readonly folder: string;
  readonly layer: LayerName;
  readonly manifest: Manifest;
}

/**
 * Reads every package below a root.
 *
 * @throws Error when a package lies where the table of layers has no row for it.
 */
export function readWorkspace(root: string): readonly WorkspacePackage[] {
  return globSync('{packages,apps,tooling}/{*,*/*}/package.json', { cwd: root })
    .map((path) => path.replaceAll('\\', '/').replace(/\/package\.json$/, ''))
    .filter((folder) => !folder.split('/').includes('node_modules'))
    .toSorted()
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
      return { name: manifest.name, folder, layer: layerOf(folder), manifest };
    });
}

/** The packages of some layers, by name. */
export function namesIn(
  packages: readonly WorkspacePackage[],
  names: readonly LayerName[],
): readonly string[] {
  return packages.filter(({ layer }) => names.includes(layer)).map(({ name }) => name);
}

function layerOf(folder: string): LayerName {
  for (const [name, layer] of Object.entries(layers)) {
    if (fits(folder, layer.folder)) return name as LayerName;
  }
  throw new Error(`${folder} belongs to no layer: give it a row in tooling/lint/src/layers.ts`);
}

function fits(folder: string, pattern: string): boolean {
  const names = folder.split('/');
  const expected = pattern.split('/');
  return (
    names.length === expected.length && expected.every((part, index) => part === '*' || part === names[index])
  );
}
