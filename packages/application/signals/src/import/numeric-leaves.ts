import { type LazyValue, type NumericArray, type Value, isLazyArray } from '@holdfast/formats';

/** A numeric array of a file, also one inside of structs. */
export interface NumericLeaf {
  /** Its name; for a field of a struct the path to it, such as `bearing.gs`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: NumericArray['dtype'];
  read(): Promise<NumericArray>;
}

const deepest = 16;

/** Every numeric array of the values, in their order. Structs with one element are looked into; they are read for it. */
export async function numericLeaves(
  values: readonly LazyValue[],
  signal?: AbortSignal,
): Promise<readonly NumericLeaf[]> {
  const leaves: NumericLeaf[] = [];
  for (const value of values) {
    const { name, shape } = value;
    if (isLazyArray(value))
      leaves.push({ path: name, shape, dtype: value.dtype, read: () => value.read({ signal }) });
    else if (value.kind === 'struct' && isSingle(shape))
      leaves.push(...leavesOf(await value.read({ signal }), name));
  }
  return leaves;
}

function leavesOf(value: Value, path: string, depth = 0): readonly NumericLeaf[] {
  if (value.kind === 'numeric')
    return [{ path, shape: value.shape, dtype: value.dtype, read: () => Promise.resolve(value) }];
  if (value.kind !== 'struct' || !isSingle(value.shape) || depth === deepest) return [];
  return value.fields.flatMap(({ name, values }) =>
    values.slice(0, 1).flatMap((field) => leavesOf(field, `${path}.${name}`, depth + 1)),
  );
}

function isSingle(shape: readonly number[]): boolean {
  return shape.every((extent) => extent === 1);
}
