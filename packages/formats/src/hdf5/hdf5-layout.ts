import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error } from './hdf5-error.ts';

/** How the chunks of a dataset are found. */
export type Hdf5ChunkIndex =
  | { readonly kind: 'tree-1' | 'tree-2' | 'implicit' | 'fixed-array' | 'extensible-array' }
  | { readonly kind: 'single'; readonly storedBytes: number | undefined; readonly mask: number };

/** Where the elements of a dataset are. */
export type Hdf5Layout =
  | { readonly kind: 'compact'; readonly bytes: Uint8Array; readonly at: number }
  | { readonly kind: 'contiguous'; readonly address: number | undefined; readonly at: number }
  | { readonly kind: 'virtual'; readonly at: number }
  | {
      readonly kind: 'chunked';
      readonly address: number | undefined;
      readonly chunk: readonly number[];
      readonly index: Hdf5ChunkIndex;
      /** Whether chunks at the edge that are not whole are stored without filters. */
      readonly arePlainAtEdges: boolean;
      readonly at: number;
    };

const layoutClasses = ['compact', 'contiguous', 'chunked', 'virtual'] as const;

/** Reads a layout message of any version. */
export function readLayout(bytes: Hdf5Bytes): Hdf5Layout {
  const version = bytes.uint(1);
  if (version === 1 || version === 2) return oldLayout(bytes);
  if (version < 3 || version > 5) throw bytes.error(`version ${version} of a layout is unknown`, 0);
  const layoutClass = layoutClasses[bytes.uint(1)];
  const at = bytes.start;
  switch (layoutClass) {
    case 'compact':
      return { kind: layoutClass, bytes: bytes.take(bytes.uint(2)), at };
    case 'contiguous':
      return { kind: layoutClass, address: bytes.address(), at };
    case 'chunked':
      return version === 3 ? tree1Layout(bytes) : indexedLayout(bytes);
    case 'virtual':
      return { kind: layoutClass, at };
    default:
      throw bytes.error('the class of a layout is unknown', 1);
  }
}

function oldLayout(bytes: Hdf5Bytes): Hdf5Layout {
  const rank = bytes.uint(1);
  const layoutClass = layoutClasses[bytes.uint(1)];
  bytes.skip(5);
  const at = bytes.start;
  const address = layoutClass === 'compact' ? undefined : bytes.address();
  const dims = Array.from({ length: rank }, () => bytes.uint(4));
  if (layoutClass === 'contiguous') return { kind: layoutClass, address, at };
  if (layoutClass === 'compact') return { kind: layoutClass, bytes: bytes.take(bytes.uint(4)), at };
  if (layoutClass !== 'chunked') throw bytes.error('the class of a layout is unknown', 2);
  return chunked(bytes, { dims, address, index: { kind: 'tree-1' } });
}

function tree1Layout(bytes: Hdf5Bytes): Hdf5Layout {
  const rank = bytes.uint(1);
  const address = bytes.address();
  const dims = Array.from({ length: rank }, () => bytes.uint(4));
  return chunked(bytes, { dims, address, index: { kind: 'tree-1' } });
}

function indexedLayout(bytes: Hdf5Bytes): Hdf5Layout {
  const flags = bytes.uint(1);
  const rank = bytes.uint(1);
  const width = bytes.uint(1);
  if (width < 1 || width > 8) throw bytes.error('the width of the extents of a chunk is impossible', 4);
  const dims = Array.from({ length: rank }, () => bytes.uint(width));
  const index = indexOf(bytes, flags);
  return { ...chunked(bytes, { dims, address: bytes.address(), index }), arePlainAtEdges: (flags & 1) !== 0 };
}

/** What of an index is in the layout; the headers of the indexes repeat the rest. */
function indexOf(bytes: Hdf5Bytes, flags: number): Hdf5ChunkIndex {
  const type = bytes.uint(1);
  switch (type) {
    case 1:
      if ((flags & 2) === 0) return { kind: 'single', storedBytes: undefined, mask: 0 };
      return { kind: 'single', storedBytes: bytes.length(), mask: bytes.uint(4) };
    case 2:
      return { kind: 'implicit' };
    case 3:
      bytes.skip(1);
      return { kind: 'fixed-array' };
    case 4:
      bytes.skip(5);
      return { kind: 'extensible-array' };
    case 5:
      bytes.skip(6);
      return { kind: 'tree-2' };
    default:
      throw bytes.error(`an index of chunks of type ${type} is unknown`);
  }
}

function chunked(
  bytes: Hdf5Bytes,
  details: {
    readonly dims: readonly number[];
    readonly address: number | undefined;
    readonly index: Hdf5ChunkIndex;
  },
): Extract<Hdf5Layout, { kind: 'chunked' }> {
  const { dims, address, index } = details;
  if (dims.length < 2 || dims.includes(0))
    throw hdf5Error('the extents of a chunk are impossible', bytes.start);
  const chunk = dims.slice(0, -1);
  return { kind: 'chunked', address, chunk, index, arePlainAtEdges: false, at: bytes.start };
}
