import { expect, test } from 'vitest';
import { parseCount } from './parse-count.ts';
import { parseNumbers } from './parse-numbers.ts';
import { parsePairs } from './parse-pairs.ts';

const metric = { what: 'metric', example: 'accuracy=0.97' };

test('values may hold equals signs and be empty', () => {
  expect(parsePairs(['a=b=c', 'd='], 'tag')).toEqual({ a: 'b=c', d: '' });
});

test('a key with two values is refused with both, and one that is repeated with the same value counts once', () => {
  expect(parsePairs(['a=1', 'b=1', 'a=1'], 'tag')).toEqual({ a: '1', b: '1' });
  expect(() => parsePairs(['a=1', 'a=2'], 'tag')).toThrow('The tag a is given twice: as "1" and as "2".');
  expect(() => parsePairs(['a=', 'a=2'], 'tag')).toThrow('as "" and as "2"');
});

test.each(['a', '=b', ''])('%j is no pair', (pair) => {
  expect(() => parsePairs([pair], 'tag')).toThrow('is not a pair of key and value');
});

test('metrics are numbers', () => {
  expect(parseNumbers({ loss: '-0.5e-3', n: '3' }, metric)).toEqual({ loss: -0.0005, n: 3 });
  expect(() => parseNumbers({ loss: 'low' }, metric)).toThrow('must be a number');
  expect(() => parseNumbers({ loss: ' ' }, metric)).toThrow('must be a number');
});

test.each(['', '-1', '1.5', '0x10', '9'.repeat(20)])('%j is no count', (text) => {
  expect(() => parseCount(text, { what: '--limit', least: 0 })).toThrow('--limit');
});
