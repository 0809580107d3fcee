import type { LazyArray, LazyValue } from '../value/lazy-value.ts';

/** A variable of a MATLAB file. */
export interface MatVariable extends LazyValue {
  /** `double`, `single`, `int8` and its kin, `logical`, `char`, `sparse`, `cell`, `struct`, `object`, `function`, `opaque`. */
  readonly className: string;
  /**
   * Its dimensions as MATLAB counts them; empty for an opaque variable. The `shape` is what its values have: for `char`
   * that is one text a row, without the last dimension.
   */
  readonly dims: readonly number[];
  /** What it takes in the file, in bytes; in version 7.3 what its elements take before they are compressed. */
  readonly storedBytes: number;
}

/** A value of a file with what MATLAB calls it. */
export function matVariable(
  value: LazyValue,
  facts: Pick<MatVariable, 'className' | 'dims' | 'storedBytes'>,
): MatVariable {
  return Object.assign(value as LazyArray, facts);
}
