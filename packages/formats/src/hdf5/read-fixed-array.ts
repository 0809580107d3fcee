import type { Hdf5Store } from './hdf5-store.ts';
import { type ArrayRecord, type PositionRange, recordsOfPage } from './read-extensible-array.ts';

/** The records of a fixed array, those of pages that were written and reach into a range. */
export async function* readFixedArray(
  store: Hdf5Store,
  address: number,
  range: PositionRange,
): AsyncGenerator<ArrayRecord> {
  const { offsetBytes, lengthBytes } = store.widths;
  const head = (await store.checked(address, 8 + lengthBytes + offsetBytes)).expect('FAHD', 0);
  const recordBytes = head.skip(1).uint(1);
  const pageBits = head.uint(1);
  const count = head.length();
  const block = head.address();
  if (block === undefined) return;
  if (recordBytes === 0 || pageBits > 40 || count * recordBytes > store.bytesFrom(block))
    throw head.error('an array of chunks is past the end of the file', 0);
  const headBytes = 6 + offsetBytes;
  const pageCount = Math.ceil(count / 2 ** pageBits);
  if (count <= 2 ** pageBits) {
    const body = (await store.checked(block, headBytes + count * recordBytes)).expect('FADB', 0);
    body.at = headBytes;
    yield* recordsOfPage(body, { first: 0, count, recordBytes });
    return;
  }
  const mapBytes = Math.ceil(pageCount / 8);
  const prefix = (await store.checked(block, headBytes + mapBytes)).expect('FADB', 0);
  prefix.at = headBytes;
  const written = prefix.take(mapBytes);
  let at = block + headBytes + mapBytes + 4;
  for (let page = 0; page < pageCount; page += 1) {
    const first = page * 2 ** pageBits;
    const inPage = Math.min(2 ** pageBits, count - first);
    const isWanted = first <= range.last && first + inPage > range.first;
    if (isWanted && ((written[page >> 3] ?? 0) & (0x80 >> (page & 7))) !== 0) {
      const body = await store.checked(at, inPage * recordBytes);
      yield* recordsOfPage(body, { first, count: inPage, recordBytes });
    }
    at += inPage * recordBytes + 4;
  }
}
