import { expect, test } from 'vitest';
import { differingLine } from './differing-line.ts';

test.each([
  ['same\n', 'same\n'],
  ['took … ms\n', 'took 12 ms\n'],
  ['…\nb\n', '/tmp/x\nb\n\n'],
  ['a\n\nb', 'a   \n\nb\n'],
  ['  a   b', '  a       b'],
  ['(a+b)? [x] $1 …', '(a+b)? [x] $1 …'],
])('%j fits %j', (shown, printed) => {
  expect(differingLine(shown, printed)).toBeUndefined();
});

test.each([
  ['one\ntwo\n', 'one\n2\n', { index: 1, expected: 'two', actual: '2' }],
  ['one\n', 'one\ntwo\n', { index: 1, expected: undefined, actual: 'two' }],
  ['one\ntwo\n', 'one\n', { index: 1, expected: 'two', actual: undefined }],
  ['took … ms', 'took  ms', { index: 0, expected: 'took … ms', actual: 'took  ms' }],
  ['a…', 'b', { index: 0, expected: 'a…', actual: 'b' }],
  ['a.c', 'abc', { index: 0, expected: 'a.c', actual: 'abc' }],
  ['a  b', 'a b', { index: 0, expected: 'a  b', actual: 'a b' }],
  ['  a', 'a', { index: 0, expected: '  a', actual: 'a' }],
])('%j does not fit %j', (shown, printed, difference) => {
  expect(differingLine(shown, printed)).toEqual(difference);
});
