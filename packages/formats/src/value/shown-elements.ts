import { type Element, elementAt } from './element-at.ts';
import { product } from './lazy-array.ts';
import { itemsInRowMajor } from './to-row-major.ts';
import type { Value } from './value.ts';

/** An element as people and JSON read it. */
export type ShownElement = number | string | boolean;

/** Values of more elements are not shown. */
export const mostElements = 32;
const longestText = 200;

/**
 * The elements of a value with the last index running fastest, whatever the order in the file; texts for what JSON has no
 * number for, and the beginning of long texts. `undefined` for a value that is nested or has many elements.
 */
export function shownElements(value: Value): readonly ShownElement[] | undefined {
  if (!('shape' in value) || product(value.shape) > mostElements) return undefined;
  switch (value.kind) {
    case 'numeric': {
      const count = product(value.shape);
      return itemsInRowMajor(
        Array.from({ length: count }, (_, index) => shown(elementAt(value, index))),
        value,
      );
    }
    case 'text':
      return itemsInRowMajor(value.data.map(cut), value);
    case 'bytes': {
      const { data, itemBytes } = value;
      const items = Array.from({ length: product(value.shape) }, (_, item) =>
        cut(hexOf(data.subarray(item * itemBytes, (item + 1) * itemBytes))),
      );
      return itemsInRowMajor(items, value);
    }
    default:
      return undefined;
  }
}

function shown(element: Element): ShownElement {
  if (typeof element === 'boolean') return element;
  if (typeof element === 'bigint') return String(element);
  if (typeof element === 'number') {
    if (Object.is(element, -0)) return '-0';
    return Number.isFinite(element) ? element : String(element);
  }
  if (element instanceof Uint8Array) return hexOf(element);
  return `${element.real}${element.imaginary < 0 ? '' : '+'}${element.imaginary}i`;
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
