import type { Hdf5Group, Hdf5Object } from './hdf5-file.ts';

const mostLinks = 32;

/**
 * The object that a path leads to, through soft links too; `undefined` where it ends, leaves the file, or passes too many links.
 */
export async function followPath(root: Hdf5Group, path: string): Promise<Hdf5Object | undefined> {
  let left = partsOf(path);
  let linkCount = 0;
  let object: Hdf5Object = root;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === '.') continue;
    if (object.kind !== 'group') return undefined;
    const group: Hdf5Group = object;
    const link = (await group.links()).find((candidate) => candidate.name === name);
    if (link?.target.kind === 'soft' && linkCount < mostLinks) {
      linkCount += 1;
      if (link.target.path.startsWith('/')) object = root;
      left = [...partsOf(link.target.path), ...left];
    } else if (link?.target.kind === 'hard') {
      const next = await group.open(name);
      if (next === undefined) return undefined;
      object = next;
    } else return undefined;
  }
  return object;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
