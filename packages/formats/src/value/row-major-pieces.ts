import { lazyOf } from './lazy-of.ts';
import type { LazyArray, PiecesOptions } from './lazy-value.ts';
import { toRowMajor } from './to-row-major.ts';

/** The pieces of an array with the last dimension varying fastest; one that is in the other order is read as a whole. */
export async function* rowMajorPieces(array: LazyArray, options: PiecesOptions): AsyncGenerator<Uint8Array> {
  if (array.order === 'row-major') yield* array.pieces(options);
  else yield* lazyOf(array.name, toRowMajor(await array.read({ signal: options.signal }))).pieces(options);
}
