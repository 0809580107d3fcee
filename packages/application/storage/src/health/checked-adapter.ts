import type { StorageAdapter } from '@holdfast/ports';

/** An adapter, or how one is had when its store is first looked at. */
export type CheckedAdapter = StorageAdapter | (() => Promise<StorageAdapter>);
