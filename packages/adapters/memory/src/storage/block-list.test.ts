import { describe, expect, test } from 'vitest';
import { BlockList } from './block-list.ts';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31 + (index >> 8)) % 256);

function listOf(...lengths: readonly number[]): BlockList {
  const list = new BlockList();
  let offset = 0;
  for (const length of lengths) {
    list.append(bytes.subarray(offset, offset + length));
    offset += length;
  }
  list.seal();
  return list;
}

function read(list: BlockList, offset: number, length: number): Buffer {
  return Buffer.concat(Array.from(list.read(offset, length), (chunk) => Buffer.from(chunk)));
}

describe('BlockList', () => {
  test.each([
    [[]],
    [[0, 0]],
    [[1]],
    [[4_095, 1, 1]],
    [[4_096, 4_096, 8_192]],
    [[5, 0, 2_000_000, 7]],
    [[1_048_576, 1_048_576]],
    [[3_000_000]],
  ])('gives back what was appended in parts of %j', (lengths) => {
    const list = listOf(...lengths);
    const sizeBytes = lengths.reduce((sum, length) => sum + length, 0);
    expect(list.sizeBytes).toBe(sizeBytes);
    for (const offset of [0, 1, 4_095, 4_096, 12_287, 1_000_000, 2_999_999].filter(
      (one) => one <= sizeBytes,
    )) {
      for (const length of [0, 1, 5_000, sizeBytes - offset].filter(
        (one) => one >= 0 && offset + one <= sizeBytes,
      )) {
        expect(read(list, offset, length).equals(bytes.subarray(offset, offset + length))).toBe(true);
      }
    }
  });

  test('copies on the way in and out', () => {
    const given = Uint8Array.of(1, 2, 3);
    const list = new BlockList();
    list.append(given);
    given.fill(9);
    list.seal();
    for (const chunk of list.read(0, 3)) chunk.fill(9);
    expect([...read(list, 0, 3)]).toEqual([1, 2, 3]);
  });

  test('lends chunks of bounded length', () => {
    for (const chunk of listOf(3_000_000).read(0, 3_000_000))
      expect(chunk.byteLength).toBeLessThanOrEqual(262_144);
  });
});
