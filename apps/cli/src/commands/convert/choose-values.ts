import { type LazyValue, lazyOf, type ValueFile, valueLeaves } from '@holdfast/formats';
import { type LeftOut, linkNotFollowed, noSuchValue } from './convert-refusals.ts';

/** Formats in which a name may occur twice, and of which other programs read the last one. */
const lastOneCounts: ReadonlySet<string> = new Set(['matlab', 'numpy_archive']);

/** Which values to take. */
export interface Choice {
  /** All where it is empty. */
  readonly names: readonly string[];
  /** The source as the user named it. */
  readonly from: string;
  readonly signal: AbortSignal;
}

/**
 * The values of a file to be converted, and those that are not: links unless they are asked for, and values that later ones of
 * the same name take the place of.
 */
export async function chooseValues(
  { format, values }: ValueFile,
  choice: Choice,
): Promise<{ readonly chosen: readonly LazyValue[]; readonly passedOver: readonly LeftOut[] }> {
  const isAll = choice.names.length === 0;
  const links = isAll ? values.filter(({ unread }) => unread?.link !== undefined) : [];
  const asked = isAll ? values.filter((value) => !links.includes(value)) : await namedValues(values, choice);
  const last = new Map(asked.map((value) => [value.name, value]));
  const isReplaced = (value: LazyValue): boolean =>
    lastOneCounts.has(format) && last.get(value.name) !== value;
  const passedOver = [
    ...links.map(({ name, unread }) => ({ name, reason: unread?.reason ?? 'is a link' })),
    ...asked
      .filter(isReplaced)
      .map(({ name }) => ({ name, reason: 'is followed by another value of that name, which counts' })),
  ];
  return { chosen: asked.filter((value) => !isReplaced(value)), passedOver };
}

/** The values with the names that were asked for, in the order of the file; fields of structs by their path after them. */
async function namedValues(
  values: readonly LazyValue[],
  { names, from, signal }: Choice,
): Promise<readonly LazyValue[]> {
  const wanted = new Set(names);
  const known = new Set(values.map(({ name }) => name));
  const found: LazyValue[] = [];
  for (const value of values) if (wanted.has(value.name)) found.push(await followed(value, from));
  for (const name of wanted) {
    if (known.has(name)) continue;
    const field = await fieldAt(values, name, signal);
    if (field === undefined) throw noSuchValue(name, from, values);
    found.push(field);
  }
  return found;
}

/** @throws CommandError for a link that leads to no value of the file. */
async function followed(value: LazyValue, from: string): Promise<LazyValue> {
  if (value.unread?.link === undefined) return value;
  const target = await value.unread.link.follow();
  if (target === undefined) throw linkNotFollowed(value.name, value.unread.reason, from);
  return target;
}

/** An array or text inside of a struct with one element, such as `bearing.gs`. */
async function fieldAt(
  values: readonly LazyValue[],
  path: string,
  signal: AbortSignal,
): Promise<LazyValue | undefined> {
  const around = values.filter(({ kind, name }) => kind === 'struct' && path.startsWith(`${name}.`));
  const leaf = (await valueLeaves(around, signal)).findLast((candidate) => candidate.path === path);
  return leaf && lazyOf(path, await leaf.read());
}
