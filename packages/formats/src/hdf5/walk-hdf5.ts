import type { Hdf5Group, Hdf5Link, Hdf5Object } from './hdf5-file.ts';

/** One name of a file. */
export interface Hdf5Entry {
  readonly path: string;
  readonly link: Hdf5Link;
  /** What it leads to; absent for links that are not followed, and for an object that had an earlier name. */
  readonly object?: Hdf5Object | undefined;
  /** The earlier path of the same object. */
  readonly sameAs?: string | undefined;
}

/**
 * Goes through every name below a group, each object once: groups that contain themselves come to an end.
 *
 * @throws FormatError when a part of the tree is damaged.
 */
export async function* walkHdf5(group: Hdf5Group): AsyncGenerator<Hdf5Entry> {
  const known = new Map<number, string>([[group.address, group.path]]);
  const waiting: Hdf5Group[] = [group];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const inner: Hdf5Group[] = [];
    for (const link of await next.links()) {
      const path = `${next.path === '/' ? '' : next.path}/${link.name}`;
      if (link.target.kind !== 'hard') {
        yield { path, link };
        continue;
      }
      const sameAs = known.get(link.target.address);
      if (sameAs !== undefined) {
        yield { path, link, sameAs };
        continue;
      }
      known.set(link.target.address, path);
      const object = await next.open(link.name);
      yield { path, link, object };
      if (object?.kind === 'group') inner.push(object);
    }
    waiting.push(...inner.toReversed());
  }
}
