import { expect, test } from 'vitest';
import { printCount } from './print-count.ts';

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('%i has its noun', (count, text) => expect(printCount(count, 'file')).toBe(text));
