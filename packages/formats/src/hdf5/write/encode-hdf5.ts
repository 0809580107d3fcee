import { InvalidValueError } from '@holdfast/domain';
import { chunkCoordinates, gridOf } from '../hdf5-chunk.ts';
import { messageTypes } from '../read-object-header.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  attributeMessages,
  datasetMessages,
  encodeObjectHeader,
  type NewMessage,
} from './encode-object-header.ts';
import { encodeTree1, type NewTreeEntry } from './encode-tree-1.ts';
import type { NewHdf5Dataset, NewHdf5Group } from './new-hdf5.ts';

/** The bytes at the beginning of a file that its superblock takes: elements are stored after them. */
export const superblockBytes = 96;

const [leafNames, treeNames, treeChunks] = [8, 32, 64];
const encoder = new TextEncoder();

/** What makes a file of elements that are stored already: to be written at its end, and at its beginning. */
export interface EncodedHdf5 {
  /** Groups, headers and indexes, from the address on that was given. */
  readonly structure: Uint8Array;
  /** The first bytes of the file. */
  readonly superblock: Uint8Array;
}

/**
 * Encodes the structure of a file in the form that every version of the HDF5 library reads: superblock 0, object headers 1,
 * symbol tables, B-trees 1.
 *
 * @param address Where the structure will be stored: a multiple of 8 after all elements.
 * @throws InvalidValueError for an attribute that has no form, or a name that cannot be one.
 */
export function encodeHdf5(root: NewHdf5Group, address: number): EncodedHdf5 {
  const structure = new StructureWriter(address);
  const rootAddress = structure.group(root);
  const bytes = structure.finish();
  const superblock = new ByteWriter()
    .bytes(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a))
    .uint(1, 0, 0, 0, 0, 0, 8, 8, 0)
    .uint(2, leafNames / 2, treeNames / 2)
    .uint(4, 0)
    .uint(8, 0)
    .undefinedAddress()
    .uint(8, address + bytes.length)
    .undefinedAddress()
    .uint(8, 0, rootAddress)
    .zeros(24);
  return { structure: bytes, superblock: superblock.finish() };
}

class StructureWriter {
  readonly #writer = new ByteWriter();
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  /** Writes a group after everything in it; the address of its header. */
  group({ attributes, members }: NewHdf5Group): number {
    const named = [...members]
      .map(([name, member]) => {
        if (name === '' || name === '.' || name.includes('/') || name.includes('\0'))
          throw new InvalidValueError({
            field: 'name',
            value: name,
            reason: 'cannot be the name of an object',
          });
        return {
          name: encoder.encode(name),
          address: member.kind === 'group' ? this.group(member) : this.#dataset(member),
        };
      })
      .toSorted((a, b) => compareBytes(a.name, b.name));
    const { heapAddress, offsets } = this.#heap(named.map(({ name }) => name));
    const entries: NewTreeEntry[] = [];
    for (let first = 0; first < named.length; first += leafNames) {
      const key = uint64(first === 0 ? 0 : (offsets[first - 1] ?? 0));
      const part = named.slice(first, first + leafNames);
      entries.push({
        key,
        child: this.#leaf(part.map(({ address }, index) => [offsets[first + index] ?? 0, address])),
      });
    }
    const form = { type: 0, mostChildren: treeNames, lastKey: uint64(offsets.at(-1) ?? 0) } as const;
    const tree = encodeTree1(entries, form, this.#next);
    this.#place(tree.bytes);
    const table = new ByteWriter().uint(8, tree.rootAddress, heapAddress).finish();
    return this.#header([{ type: messageTypes.symbolTable, body: table }], attributes);
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }

  get #next(): number {
    return this.#start + this.#writer.length;
  }

  #place(bytes: Uint8Array): number {
    const address = this.#next;
    this.#writer.bytes(bytes).align();
    return address;
  }

  #dataset(dataset: NewHdf5Dataset): number {
    return this.#header(datasetMessages(dataset, this.#index(dataset)), dataset.attributes);
  }

  #header(messages: readonly NewMessage[], attributes: NewHdf5Group['attributes']): number {
    const heap = { next: () => this.#next, store: (bytes: Uint8Array): void => void this.#place(bytes) };
    return this.#place(encodeObjectHeader([...messages, ...attributeMessages(attributes, heap)]));
  }

  #index({ shape, storage }: NewHdf5Dataset): number | undefined {
    if (storage.kind === 'contiguous' || storage.chunks.length === 0) return undefined;
    const { chunk, chunks } = storage;
    const grid = gridOf({ shape, chunk });
    const key = (
      place: { readonly storedBytes: number; readonly mask: number },
      corner: readonly number[],
    ): Uint8Array =>
      new ByteWriter()
        .uint(4, place.storedBytes, place.mask)
        .uint(8, ...corner, 0)
        .finish();
    const corner = (number: number): number[] =>
      chunkCoordinates(grid, number).map((coordinate, dimension) => coordinate * (chunk[dimension] ?? 1));
    const entries = chunks.map((place) => ({ key: key(place, corner(place.number)), child: place.address }));
    const last = corner(chunks.at(-1)?.number ?? 0).map((at, dimension) => at + (chunk[dimension] ?? 1));
    const lastKey = key({ storedBytes: 0, mask: 0 }, last);
    const tree = encodeTree1(entries, { type: 1, mostChildren: treeChunks, lastKey }, this.#next);
    this.#place(tree.bytes);
    return tree.rootAddress;
  }

  /** Names, and where each is among them; the first place is that of the empty one. */
  #heap(names: readonly Uint8Array[]): { readonly heapAddress: number; readonly offsets: readonly number[] } {
    const data = new ByteWriter().zeros(8);
    const offsets = names.map((name) => {
      const offset = data.length;
      data.bytes(name).zeros(1).align();
      return offset;
    });
    const dataAddress = this.#place(data.finish());
    const head = new ByteWriter().text('HEAP').zeros(4).uint(8, data.length, 1, dataAddress);
    return { heapAddress: this.#place(head.finish()), offsets };
  }

  /** A node of names: for each its place in the heap, and the address of its object. */
  #leaf(entries: readonly (readonly [name: number, address: number])[]): number {
    const node = new ByteWriter().text('SNOD').uint(1, 1, 0).uint(2, entries.length);
    for (const [name, address] of entries) node.uint(8, name, address).zeros(24);
    return this.#place(node.zeros((leafNames - entries.length) * 40).finish());
  }
}

function uint64(value: number): Uint8Array {
  return new ByteWriter().uint(8, value).finish();
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
