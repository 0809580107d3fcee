import type { StorageAdapter } from '@holdfast/ports';
import { overriding } from './overriding.ts';

/** A store that is watched. */
export interface Counted {
  readonly adapter: StorageAdapter;
  readonly calls: string[];
  /** How many readers were given out and not closed. */
  readonly open: () => number;
}

/** Counts what a store is asked for. */
export function counted(adapter: StorageAdapter): Counted {
  const calls: string[] = [];
  let open = 0;
  const watching = overriding(adapter, {
    put: (...parameters) => {
      calls.push(`put ${String(parameters[0])}`);
      return adapter.put(...parameters);
    },
    get: async (...parameters) => {
      calls.push(`get ${parameters[0]}`);
      const reader = await adapter.get(...parameters);
      if (reader === undefined) return undefined;
      open++;
      return overriding(reader, {
        [Symbol.asyncDispose]: async () => {
          open--;
          await reader[Symbol.asyncDispose]();
        },
      });
    },
    head: (...parameters) => {
      calls.push(`head ${parameters[0]}`);
      return adapter.head(...parameters);
    },
  });
  return { adapter: watching, calls, open: () => open };
}
