import { isDeepStrictEqual } from 'node:util';
import { FormatError } from '../../src/index.ts';
import type { FormatTally } from './format-tally.ts';

/** The objects of an HDF5 file by their paths. */
export type Hdf5Tree = { readonly [path: string]: unknown };

/** What was read of one file, here and by h5py. */
export interface TreePair {
  readonly file: string;
  readonly ours: Hdf5Tree | FormatError;
  readonly theirs: Hdf5Tree;
}

/** Where two trees differ; what is equal, refused, or read by one of them alone is counted. */
export function compareTrees({ file, ours, theirs }: TreePair, tally: FormatTally): unknown[] {
  const refusal = refusalIn(theirs);
  if (FormatError.isInstance(ours)) {
    tally.refused(ours.reason);
    return refusal === undefined ? [[file, 'is refused here alone', ours.message]] : [];
  }
  if (refusal !== undefined) {
    tally.beyond(refusal.slice(0, 60).trim());
    return [];
  }
  const wrong: unknown[] = [];
  if (!isDeepStrictEqual(Object.keys(ours).toSorted(), Object.keys(theirs).toSorted()))
    wrong.push([file, Object.keys(ours), Object.keys(theirs)]);
  for (const [path, their] of Object.entries(theirs)) {
    for (const [place, our, due] of valuesOf(path, plain(ours[path]), their as Hdf5Tree)) {
      const [ourRefusal, theirRefusal] = [refusalIn(our), refusalIn(due)];
      if (ourRefusal !== undefined) tally.refused(ourRefusal);
      else if (theirRefusal !== undefined) tally.beyond(theirRefusal.slice(0, 60).trim());
      else if (isDeepStrictEqual(our, due)) tally.equal();
      else wrong.push([file, place, our, due]);
    }
  }
  return wrong;
}

/** The values of an object: what it is, its own and those of its attributes. */
function valuesOf(path: string, our: Hdf5Tree, their: Hdf5Tree): [string, unknown, unknown][] {
  const { value, attributes = {}, ...rest } = our;
  const { value: dueValue, attributes: dueAttributes = {}, ...dueRest } = their;
  const [left, right] = [attributes as Hdf5Tree, dueAttributes as Hdf5Tree];
  const pairs: [string, unknown, unknown][] = [
    [`${path} is`, rest, dueRest],
    [path, value, dueValue],
  ];
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)]))
    pairs.push([`${path}@${name}`, left[name], right[name]]);
  return pairs.filter(
    ([, a, b], index) => (index === 0 && !isDeepStrictEqual(a, b)) || (index > 0 && (a ?? b) !== undefined),
  );
}

function refusalIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('refused' in value)) return undefined;
  return value.refused as string;
}

function plain(value: unknown): Hdf5Tree {
  return value === undefined ? {} : (JSON.parse(JSON.stringify(value)) as Hdf5Tree);
}
