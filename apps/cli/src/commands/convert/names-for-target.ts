import type { LazyValue, ValueFormat } from '@holdfast/formats';

const longestMatlabName = 63;

/** A value that gets another name in the target. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** Values under the names of the target, in their order, and what that changed. */
export interface NamesForTarget {
  readonly named: readonly LazyValue[];
  readonly renamed: readonly Renamed[];
}

/**
 * Gives every value a name that the target can have, and each its own. An array without a name gets that of its file. For
 * MATLAB every character but letters, digits and underscores becomes an underscore, and names end after 63 characters. Where
 * two values would get one name, the one that has it already keeps it, and the others get `_2`, `_3` and so on.
 */
export function namesForTarget(
  values: readonly LazyValue[],
  { format, fileName }: { readonly format: ValueFormat; readonly fileName: string },
): NamesForTarget {
  const isMatlab = format === 'matlab';
  const given = values.map(({ name }) => (name === '' ? fileName : name));
  const wanted = given.map((name) => (isMatlab ? matlabName(name) : name));
  const taken = new Set<string>();
  const names = new Map<number, string>();
  const take = (index: number, name: string): void => {
    taken.add(name);
    names.set(index, name);
  };
  for (const [index, name] of wanted.entries())
    if (name === given[index] && !taken.has(name)) take(index, name);
  for (const [index, name] of wanted.entries())
    if (!names.has(index)) take(index, free(name, taken, isMatlab ? longestMatlabName : Infinity));
  const named = values.map((value, index) => ({ ...value, name: names.get(index) ?? value.name }));
  const renamed = named.flatMap(({ name: to }, index) => {
    const from = given[index] ?? '';
    return from === to ? [] : [{ from, to }];
  });
  return { named, renamed };
}

function free(name: string, taken: ReadonlySet<string>, longest: number): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number += 1) {
    const suffix = `_${number}`;
    candidate = `${name.slice(0, longest - suffix.length)}${suffix}`;
  }
  return candidate;
}

function matlabName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return (/^[A-Za-z]/.test(plain) ? plain : `x_${plain}`).slice(0, longestMatlabName);
}
