import { InvalidValueError } from '@holdfast/domain';
import { whatIs } from '../what-is.ts';
import { checkElementType, checkShape, checkText } from './check-value.ts';
import type { LazyArray, LazyValue } from './lazy-value.ts';

/**
 * Checks that something is a value to be read, as the readers of this package give it.
 *
 * @throws InvalidValueError with what was given and what must be there.
 */
export function checkLazyValue(value: unknown, path: string): asserts value is LazyValue {
  const { name, shape, dtype, kind, ...rest } = (value ?? {}) as {
    readonly [K in keyof LazyArray]?: unknown;
  };
  if (typeof rest.read !== 'function')
    throw new InvalidValueError({
      field: path,
      value: whatIs(value),
      reason: 'must be a value to be read, as the readers give it or lazyOf(name, value) makes it',
    });
  checkText(name, `${path}.name`);
  checkShape(shape, path);
  if (kind === 'numeric' || dtype !== undefined) checkElementType(dtype, path);
}

/** The same for an array of numbers. */
export function checkLazyArray(value: unknown, path: string): asserts value is LazyArray {
  checkLazyValue(value, path);
  if (value.kind === 'numeric' && 'pieces' in value) return;
  throw new InvalidValueError({ field: path, value: value.kind, reason: 'must be an array of numbers' });
}
