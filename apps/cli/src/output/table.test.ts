import { expect, test } from 'vitest';
import { displayWidth } from './display-width.ts';
import { printTable } from './table.ts';

const columns = [
  { heading: 'NAME' },
  { heading: 'SIZE', alignment: 'right' },
  { heading: 'TAGS', shrinksTo: 4 },
] as const;

test('aligns columns and leaves no space at the end of a line', () => {
  const table = printTable(columns, [
    ['模型', '1 KiB', ''],
    ['longer', '12 KiB', 'a=b'],
  ]);
  expect(table).toBe('NAME      SIZE  TAGS\n模型     1 KiB\nlonger  12 KiB  a=b');
});

test('cuts the columns that may shrink until a line fits', () => {
  const table = printTable(columns, [['name', '1 B', `note=${'größe'.repeat(20)}`]], { widthColumns: 40 });
  expect(Math.max(...table.split('\n').map(displayWidth))).toBe(40);
  expect(table).toContain('…');
});

test('stays readable where a line cannot fit', () => {
  expect(printTable(columns, [['name', '1 B', 'tag=value']], { widthColumns: 5 })).toContain('tag…');
});
