import type { DependentManifest } from './installed-packages.ts';
import type { PublishedPackage } from './published-package.ts';

/** What a package costs who installs it. */
export interface PackageFacts {
  readonly name: string;
  /** In the repository. */
  readonly folder: string;
  /** Of the tarball. */
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Packages that its manifest names. */
  readonly direct: readonly string[];
  /** Packages that come with it, directly or through others; not those that the user has to choose. */
  readonly all: readonly string[];
  /** Packages that the user has beside it. */
  readonly peers: readonly string[];
}

/** The facts of each published package. */
export function packageFacts(
  packages: readonly PublishedPackage[],
  foreign: readonly DependentManifest[],
): readonly PackageFacts[] {
  const manifests = new Map<string, DependentManifest>();
  for (const manifest of [...foreign, ...packages.map((one) => one.manifest)]) {
    manifests.set(manifest.name, manifest);
  }
  return packages.map(({ name, folder, manifest, tarball, files }) => ({
    name,
    folder,
    packedBytes: tarball.length,
    unpackedBytes: files.reduce((total, { content }) => total + content.length, 0),
    direct: Object.keys(manifest.dependencies ?? {}).toSorted(),
    all: reachable(manifest, manifests),
    peers: Object.keys(manifest.peerDependencies ?? {}),
  }));
}

function reachable(
  start: DependentManifest,
  manifests: ReadonlyMap<string, DependentManifest>,
): readonly string[] {
  const found = new Set<string>();
  const waiting = [start];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const name of Object.keys(one.dependencies ?? {})) {
      const manifest = manifests.get(name);
      if (manifest === undefined)
        throw new Error(`${one.name} needs ${name}, which the registry does not have`);
      if (!found.has(name)) waiting.push(manifest);
      found.add(name);
    }
  }
  return [...found].toSorted();
}
