import { compareKeys } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { SortedKeys } from './sorted-keys.ts';

/** Numbers that look random and are the same every time. */
function* numbers(limit: number): Generator<number> {
  for (let state = 7; ; state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) yield state % limit;
}

function everyKey(keys: SortedKeys): string[] {
  const all: string[] = [];
  for (let key = keys.first(() => true); key !== undefined;) {
    const last = key;
    all.push(last);
    key = keys.first((other) => compareKeys(other, last) > 0);
  }
  return all;
}

describe('SortedKeys', () => {
  test('keeps the order through thousands of additions and removals', () => {
    const keys = new SortedKeys();
    const reference = new Set<string>();
    const random = numbers(3_000);
    for (let step = 0; step < 12_000; step++) {
      const key = `${['a', '\uFFFD', '😀'][step % 3]}${random.next().value}`;
      if (reference.has(key)) {
        keys.delete(key);
        reference.delete(key);
      } else {
        keys.add(key);
        reference.add(key);
      }
      if (step % 3_000 === 0) expect(everyKey(keys)).toEqual([...reference].toSorted(compareKeys));
    }
    expect(everyKey(keys)).toEqual([...reference].toSorted(compareKeys));
    for (const key of reference) keys.delete(key);
    expect(keys.first(() => true)).toBeUndefined();
    keys.add('again');
    expect(everyKey(keys)).toEqual(['again']);
  });

  test('closes the gap where thousands of keys in a row are removed', () => {
    const keys = new SortedKeys();
    const all = Array.from({ length: 9_000 }, (_, index) => String(index).padStart(5, '0'));
    for (const key of all) keys.add(key);
    for (const key of all.slice(1_000, 8_000)) keys.delete(key);
    expect(everyKey(keys)).toEqual([...all.slice(0, 1_000), ...all.slice(8_000)]);
    expect(keys.first((key) => key > '00999')).toBe('08000');
    keys.add('05000');
    expect(keys.first((key) => key > '00999')).toBe('05000');
  });

  test('finds the first key that passes a test', () => {
    const keys = new SortedKeys();
    for (const key of ['b', 'd', 'f']) keys.add(key);
    expect(keys.first((key) => key >= 'c')).toBe('d');
    expect(keys.first((key) => key > 'd')).toBe('f');
    expect(keys.first((key) => key > 'f')).toBeUndefined();
    expect(new SortedKeys().first(() => true)).toBeUndefined();
  });

  test('pages through 100,000 keys without sorting them anew', () => {
    const keys = new SortedKeys();
    const random = numbers(1_000_000_007);
    const count = 100_000;
    for (let index = 0; index < count; index++) keys.add(`${random.next().value}/${index}`);
    let comparisons = 0;
    for (let key = keys.first(() => true); key !== undefined;) {
      const last = key;
      key = keys.first((other) => (comparisons++, compareKeys(other, last) > 0));
    }
    expect(comparisons / count, 'comparisons for one step').toBeLessThan(25);
  });
});
