import type { GlobalHeap } from './global-heap.ts';
import type { Hdf5Store } from './hdf5-store.ts';

/** What all objects of a file share. */
export interface OpenFile {
  readonly store: Hdf5Store;
  readonly heap: GlobalHeap;
}
