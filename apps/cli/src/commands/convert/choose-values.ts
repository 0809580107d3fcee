import type { ValueFile, LazyValue } from '@holdfast/formats';
import { type LeftOut, noSuchValue } from './convert-refusals.ts';

/** Formats in which a name may occur twice, and of which other programs read the last one. */
const lastOneCounts: ReadonlySet<string> = new Set(['matlab', 'numpy_archive']);

/** The values of a file to be converted, and those that later ones of the same name take the place of. */
export function chooseValues(
  { format, values }: ValueFile,
  { names, from }: { readonly names: readonly string[]; readonly from: string },
): { readonly chosen: readonly LazyValue[]; readonly replaced: readonly LeftOut[] } {
  const wanted = new Set(names);
  const known = new Set(values.map(({ name }) => name));
  for (const name of wanted) if (!known.has(name)) throw noSuchValue(name, from, values);
  const asked = wanted.size === 0 ? values : values.filter(({ name }) => wanted.has(name));
  if (!lastOneCounts.has(format)) return { chosen: asked, replaced: [] };
  const last = new Map(asked.map((value) => [value.name, value]));
  const chosen = asked.filter((value) => last.get(value.name) === value);
  const replaced = asked
    .filter((value) => last.get(value.name) !== value)
    .map(({ name }) => ({ name, reason: 'is followed by another value of that name, which counts' }));
  return { chosen, replaced };
}
