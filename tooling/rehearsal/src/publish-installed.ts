import { createHash } from 'node:crypto';
import { resolvePackage, installedPackages, type InstalledPackage } from './installed-packages.ts';
import type { Registry } from './registry.ts';
import { root } from './repository.ts';
import { packFolder } from './tarball.ts';

const concurrentPackages = 4;

/**
 * Publishes what the packages in some folders, and strangers, need from others. It is taken from this repository's
 * `node_modules`, so that no other registry is asked.
 *
 * @param packageFolders the workspace's published packages
 * @param alsoNeeded names of packages that the root has, such as `typescript`
 */
export async function publishInstalled(
  registry: Registry,
  packageFolders: readonly string[],
  alsoNeeded: readonly string[],
): Promise<readonly InstalledPackage[]> {
  const roots = [...packageFolders, ...alsoNeeded.map(installedInRoot)];
  const packages = installedPackages(roots).filter(({ manifest }) => !manifest.name.startsWith('@holdfast/'));
  const byVersion = new Map(packages.map((one) => [`${one.manifest.name}@${one.manifest.version}`, one]));
  // Versions of one package follow each other: a registry keeps one document for all of them.
  const waiting = Object.values(Object.groupBy(byVersion.values(), ({ manifest }) => manifest.name));
  const work = async (): Promise<void> => {
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
      for (const one of group) await publishOne(registry, one);
    }
  };
  await Promise.all(Array.from({ length: concurrentPackages }, work));
  return packages;
}

function installedInRoot(name: string): string {
  const folder = resolvePackage(root, name);
  if (folder === undefined) throw new Error(`the repository has no ${name}`);
  return folder;
}

async function publishOne(registry: Registry, { folder, manifest }: InstalledPackage): Promise<void> {
  const { name, version } = manifest;
  const tarball = await packFolder(folder);
  const file = `${name}-${version}.tgz`;
  const dist = {
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    tarball: `${registry.address}/${name}/-/${file}`,
  };
  await registry.publish({
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    _attachments: { [file]: attachment(tarball) },
  });
}

function attachment(tarball: Buffer): object {
  const data = tarball.toString('base64');
  return { content_type: 'application/octet-stream', data, length: tarball.length };
}
