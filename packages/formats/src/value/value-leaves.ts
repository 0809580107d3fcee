import { type LazyValue, isLazyArray } from './lazy-value.ts';
import type { NumericArray, TextArray, Value } from './value.ts';

/** A numeric array of a file, also one inside of structs. */
export interface NumericLeaf {
  readonly kind: 'numeric';
  /** Its name; for a field of a struct the path to it, such as `bearing.gs`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: NumericArray['dtype'];
  read(): Promise<NumericArray>;
}

/** A text of a file, also one inside of structs. */
export interface TextLeaf {
  readonly kind: 'text';
  readonly path: string;
  read(): Promise<TextArray>;
}

export type ValueLeaf = NumericLeaf | TextLeaf;

const deepest = 16;

/**
 * Every numeric array and every text of the values, in their order. Structs with one element are looked into; they are
 * read for it.
 */
export async function valueLeaves(
  values: readonly LazyValue[],
  signal?: AbortSignal,
): Promise<readonly ValueLeaf[]> {
  const leaves: ValueLeaf[] = [];
  for (const value of values) {
    const { name: path, kind, shape } = value;
    if (isLazyArray(value)) {
      const read = (): Promise<NumericArray> => value.read({ signal });
      leaves.push({ kind: 'numeric', path, shape, dtype: value.dtype, read });
    } else if (kind === 'text') {
      leaves.push({ kind, path, read: () => value.read({ signal }) as Promise<TextArray> });
    } else if (kind === 'struct' && isSingle(shape)) {
      leaves.push(...leavesOf(await value.read({ signal }), path));
    }
  }
  return leaves;
}

/** Whether an array of this shape has one element. */
export function isSingle(shape: readonly number[]): boolean {
  return shape.every((extent) => extent === 1);
}

function leavesOf(value: Value, path: string, depth = 0): readonly ValueLeaf[] {
  if (value.kind === 'numeric') {
    const { kind, shape, dtype } = value;
    return [{ kind, path, shape, dtype, read: () => Promise.resolve(value) }];
  }
  if (value.kind === 'text') return [{ kind: 'text', path, read: () => Promise.resolve(value) }];
  if (value.kind !== 'struct' || !isSingle(value.shape) || depth === deepest) return [];
  return value.fields.flatMap(({ name, values }) =>
    values.slice(0, 1).flatMap((field) => leavesOf(field, `${path}.${name}`, depth + 1)),
  );
}
