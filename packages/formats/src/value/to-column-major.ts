import { toRowMajor, itemsInRowMajor } from './to-row-major.ts';
import type { ElementOrder, NumericArray } from './value.ts';

/** The same array with the first dimension varying fastest; itself where it is so already. */
export function toColumnMajor(array: NumericArray): NumericArray {
  if (array.order === 'column-major') return array;
  const turned = toRowMajor({ ...array, ...turn(array) });
  return { ...turned, shape: array.shape, order: 'column-major' };
}

/** The same items with the first dimension varying fastest. */
export function itemsInColumnMajor<T>(
  items: readonly T[],
  layout: { readonly shape: readonly number[]; readonly order: ElementOrder },
): readonly T[] {
  return layout.order === 'column-major' ? items : itemsInRowMajor(items, turn(layout));
}

/** Row-major data is the column-major data of the array with its dimensions in reverse. */
function turn({ shape }: { readonly shape: readonly number[] }): Pick<NumericArray, 'shape' | 'order'> {
  return { shape: shape.toReversed(), order: 'column-major' };
}
