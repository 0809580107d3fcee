import type { BoundedReader } from '../source/bounded-reader.ts';
import { GlobalNames } from './global-names.ts';
import { type PickleRun, runPickle } from './pickle-machine.ts';

/** How far a walk over pickle opcodes came. */
export interface PickleWalk extends Omit<PickleRun<unknown>, 'value' | 'outcome'> {
  /** As of a run; `interleaved` where joblib puts the data of arrays between opcodes. */
  readonly outcome: Exclude<PickleRun<unknown>['outcome'], 'interrupted'> | 'interleaved';
  /** Dotted names of what the pickle would import, in order, without repetition. */
  readonly globals: readonly string[];
}

const mostOpcodes = 200_000;
const mostContentBytes = 4096;

/**
 * Walks the opcodes of a pickle without making any of its values: it notes which names would be imported. At most 200,000
 * opcodes are looked at.
 */
export async function walkPickle(reader: BoundedReader): Promise<PickleWalk> {
  const names = new GlobalNames();
  const { outcome, offset, protocol, opcodeCount } = await runPickle(reader, names, {
    mostOpcodes,
    mostContentBytes,
  });
  return {
    outcome: outcome === 'interrupted' ? 'interleaved' : outcome,
    offset,
    protocol,
    opcodeCount,
    globals: names.found,
  };
}
