import { InvalidValueError } from '@holdfast/domain';
import type { LazyValue, ReadValueOptions } from './lazy-value.ts';
import type { Value } from './value.ts';

/** What makes a value that is no numeric array readable. */
export type LazyWholeDetails = Omit<LazyValue, 'read'> & {
  readonly load: (signal: AbortSignal | undefined) => Promise<Value>;
};

/** A value that is read as a whole or not at all. */
export function lazyWhole({ load, ...description }: LazyWholeDetails): LazyValue {
  return {
    ...description,
    read: async (options: ReadValueOptions = {}) => {
      for (const field of ['into', 'part'] as const) {
        if (options[field] === undefined) continue;
        const reason = `is for numeric arrays, and ${description.name === '' ? 'the value' : description.name} is ${description.kind}`;
        throw new InvalidValueError({ field, value: '', reason });
      }
      return load(options.signal);
    },
  };
}
