import { expect, test } from 'vitest';
import { parseCount } from './parse-count.ts';
import { parseMetrics } from './parse-metrics.ts';
import { parsePairs } from './parse-pairs.ts';

test('values may hold equals signs and be empty', () => {
  expect(parsePairs(['a=b=c', 'd='], 'tag')).toEqual({ a: 'b=c', d: '' });
});

test.each(['a', '=b', ''])('%j is no pair', (pair) => {
  expect(() => parsePairs([pair], 'tag')).toThrow('is not a pair of key and value');
});

test('metrics are numbers', () => {
  expect(parseMetrics({ loss: '-0.5e-3', n: '3' })).toEqual({ loss: -0.0005, n: 3 });
  expect(() => parseMetrics({ loss: 'low' })).toThrow('must be a number');
  expect(() => parseMetrics({ loss: ' ' })).toThrow('must be a number');
});

test.each(['', '-1', '1.5', '0x10', '9'.repeat(20)])('%j is no count', (text) => {
  expect(() => parseCount(text, { what: '--limit', least: 0 })).toThrow('--limit');
});
