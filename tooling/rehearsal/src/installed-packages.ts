import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What other packages a package asks for. */
export interface DependentManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package in a `node_modules`. */
export interface InstalledPackage {
  readonly folder: string;
  readonly manifest: DependentManifest;
}

/**
 * The packages that lie in some folders, and everything that these need at run time and that is installed.
 * Optional packages for other systems are not.
 *
 * @throws Error when something is needed and not installed.
 */
export function installedPackages(folders: readonly string[]): readonly InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (found.has(folder)) continue;
    const manifest = readManifest(folder);
    found.set(folder, { folder, manifest });
    waiting.push(...neededBy(folder, manifest));
  }
  return [...found.values()];
}

/** Where code in a folder finds a package, links followed; `undefined` when nothing is there. */
export function resolvePackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

function neededBy(folder: string, manifest: DependentManifest): readonly string[] {
  const { dependencies, optionalDependencies = {}, peerDependencies, peerDependenciesMeta } = manifest;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return names.flatMap((name) => {
    const isOptional = name in optionalDependencies || peerDependenciesMeta?.[name]?.optional === true;
    const found = resolvePackage(folder, name);
    if (found === undefined && !isOptional)
      throw new Error(`${manifest.name} needs ${name}, which is missing`);
    return found ?? [];
  });
}

function readManifest(folder: string): DependentManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as DependentManifest;
}
