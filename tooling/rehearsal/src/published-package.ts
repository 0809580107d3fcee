import type { WorkspacePackage } from '@holdfast/tooling-lint';
import type { DependentManifest } from './installed-packages.ts';
import type { Registry } from './registry.ts';
import { type PackedFile, readTarball } from './tarball.ts';

/** The manifest of a published package: the one in its tarball. */
export interface PublishedManifest extends DependentManifest {
  readonly [field: string]: unknown;
}

/** A package as the registry hands it out. */
export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** In the repository, relative to its root, with `/`. */
  readonly folder: string;
  /** Whether it is a bundle with nothing to import. */
  readonly isBundle: boolean;
  readonly manifest: PublishedManifest;
  readonly tarball: Uint8Array;
  readonly files: readonly PackedFile[];
}

/** Fetches what was published from a package of the workspace. */
export async function fetchPublished(
  registry: Registry,
  self: WorkspacePackage,
  version: string,
): Promise<PublishedPackage> {
  const { name, folder, layer } = self;
  const tarball = await registry.tarball(name, version);
  const files = await readTarball(tarball);
  const manifestFile = files.find(({ path }) => path === 'package.json');
  if (manifestFile === undefined) throw new Error(`${name} was published without its manifest`);
  const manifest = JSON.parse(manifestFile.content.toString()) as PublishedManifest;
  return { name, version, folder, isBundle: layer === 'app', manifest, tarball, files };
}
