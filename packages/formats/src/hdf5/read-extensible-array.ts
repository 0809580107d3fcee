import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error } from './hdf5-error.ts';
import type { Hdf5Store } from './hdf5-store.ts';

/** One record of an index that is an array. */
export interface ArrayRecord {
  readonly position: number;
  readonly record: Hdf5Bytes;
}

/** The positions that are wanted, both included. */
export interface PositionRange {
  readonly first: number;
  readonly last: number;
}

interface Form {
  readonly range: PositionRange;
  readonly recordBytes: number;
  readonly pageRecords: number;
  readonly offsetWidth: number;
  readonly indexRecords: number;
  readonly leastInBlock: number;
  readonly leastPointers: number;
  readonly superBlocks: number;
  /** Records that were ever written. */
  readonly count: number;
  /** Addresses of data blocks that were read. */
  readonly visited: Set<number>;
}

/** Where a data block is, and what it holds. */
interface DataBlock {
  readonly address: number | undefined;
  readonly first: number;
  readonly records: number;
  /** Whether a page was written; absent for blocks whose pages are all there. */
  readonly isWritten?: (page: number) => boolean;
}

/** The records of an extensible array, those of blocks that were written and reach into a range. */
export async function* readExtensibleArray(
  store: Hdf5Store,
  address: number,
  range: PositionRange,
): AsyncGenerator<ArrayRecord> {
  const { offsetBytes, lengthBytes } = store.widths;
  const head = (await store.checked(address, 12 + 6 * lengthBytes + offsetBytes)).expect('EAHD', 0);
  const form = { ...formOf(head), range };
  const indexBlock = head.address();
  if (indexBlock === undefined) return;
  const { recordBytes, indexRecords, leastPointers, superBlocks } = form;
  const inIndex = 2 * Math.log2(leastPointers);
  const direct = Array.from({ length: Math.min(inIndex, superBlocks) }, (_, block) => 2 ** (block >> 1));
  const pointers = direct.reduce((sum, blocks) => sum + blocks, 0);
  const headBytes = 6 + offsetBytes;
  const sizeBytes =
    headBytes + indexRecords * recordBytes + (pointers + Math.max(0, superBlocks - inIndex)) * offsetBytes;
  const index = (await store.checked(indexBlock, sizeBytes)).expect('EAIB', 0);
  index.at = headBytes;
  yield* recordsOfPage(index, { first: 0, count: Math.min(indexRecords, form.count), recordBytes });
  index.at = headBytes + indexRecords * recordBytes;
  let first = indexRecords;
  for (let block = 0; block < superBlocks && first < form.count; block += 1) {
    const blocks = 2 ** (block >> 1);
    const records = 2 ** ((block + 1) >> 1) * form.leastInBlock;
    if (block < inIndex)
      for (let place = 0; place < blocks; place += 1)
        yield* dataBlock(store, form, { address: index.address(), first: first + place * records, records });
    else yield* superBlock(store, form, { address: index.address(), first, records, blocks });
    first += blocks * records;
  }
}

/** The records that follow each other in bytes. */
export function* recordsOfPage(
  body: Hdf5Bytes,
  {
    first,
    count,
    recordBytes,
  }: { readonly first: number; readonly count: number; readonly recordBytes: number },
): Generator<ArrayRecord> {
  for (let index = 0; index < count; index += 1)
    yield { position: first + index, record: body.sub(recordBytes) };
}

function formOf(head: Hdf5Bytes): Omit<Form, 'range'> {
  const [
    recordBytes = 0,
    largestBits = 0,
    indexRecords = 0,
    leastInBlock = 0,
    leastPointers = 0,
    pageBits = 0,
  ] = head.skip(1).take(6);
  const { lengthBytes } = head.widths;
  const count = head.skip(4 * lengthBytes).length();
  head.skip(lengthBytes);
  const isPower = [leastInBlock, leastPointers].every((size) => Number.isInteger(Math.log2(size)));
  if (!isPower || largestBits > 64 || pageBits > 40 || recordBytes === 0)
    throw head.error('an array of chunks has an impossible form', 0);
  return {
    recordBytes,
    pageRecords: 2 ** pageBits,
    offsetWidth: Math.ceil(largestBits / 8),
    indexRecords,
    leastInBlock,
    leastPointers,
    superBlocks: Math.max(0, 1 + largestBits - Math.log2(leastInBlock)),
    count,
    visited: new Set(),
  };
}

async function* superBlock(
  store: Hdf5Store,
  form: Form,
  block: {
    readonly address: number | undefined;
    readonly first: number;
    readonly records: number;
    readonly blocks: number;
  },
): AsyncGenerator<ArrayRecord> {
  const { address, first, records, blocks } = block;
  if (address === undefined || !isWanted(form, { first, records: blocks * records })) return;
  const { offsetBytes } = store.widths;
  const pages = records > form.pageRecords ? records / form.pageRecords : 0;
  const mapBytes = Math.ceil(pages / 8);
  const headBytes = 6 + offsetBytes + form.offsetWidth;
  const body = await store.checked(address, headBytes + blocks * (mapBytes + offsetBytes));
  body.expect('EASB', 0);
  body.at = headBytes;
  const written = body.take(blocks * mapBytes);
  for (let place = 0; place < blocks; place += 1) {
    const isWritten = (page: number): boolean =>
      ((written[place * mapBytes + (page >> 3)] ?? 0) & (0x80 >> (page & 7))) !== 0;
    yield* dataBlock(store, form, {
      address: body.address(),
      first: first + place * records,
      records,
      isWritten,
    });
  }
}

async function* dataBlock(store: Hdf5Store, form: Form, block: DataBlock): AsyncGenerator<ArrayRecord> {
  const { address, first, records, isWritten } = block;
  if (address === undefined || first >= form.count || !isWanted(form, { first, records })) return;
  const { recordBytes, pageRecords, count, visited } = form;
  if (visited.has(address))
    throw hdf5Error('two places of an array lead to one block', store.offsetOf(address));
  visited.add(address);
  const headBytes = 6 + store.widths.offsetBytes + form.offsetWidth;
  const wanted = Math.min(records, count - first);
  if (records <= pageRecords) {
    const body = (await store.checked(address, headBytes + records * recordBytes)).expect('EADB', 0);
    body.at = headBytes;
    yield* recordsOfPage(body, { first, count: wanted, recordBytes });
    return;
  }
  (await store.checked(address, headBytes)).expect('EADB', 0);
  for (let page = 0; page * pageRecords < wanted; page += 1) {
    const onPage = { first: first + page * pageRecords, records: pageRecords };
    if (isWritten?.(page) === false || !isWanted(form, onPage)) continue;
    const at = address + headBytes + 4 + page * (pageRecords * recordBytes + 4);
    const body = await store.checked(at, pageRecords * recordBytes);
    const inPage = Math.min(pageRecords, wanted - page * pageRecords);
    yield* recordsOfPage(body, { first: first + page * pageRecords, count: inPage, recordBytes });
  }
}

function isWanted(
  { range }: Form,
  { first, records }: { readonly first: number; readonly records: number },
): boolean {
  return first <= range.last && first + records > range.first;
}
