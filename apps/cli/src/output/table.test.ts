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

test('what has a rank gives way before a name is cut, the highest first, and empty columns before all', () => {
  const ranked = [
    { heading: 'NAME', shrinksTo: 4 },
    { heading: 'FORMAT', rank: 1 },
    { heading: 'SIZE', rank: 2 },
    { heading: 'TAGS' },
  ];
  const rows = [['a-long-name', 'onnx', '15 KiB', '']];
  const headings = (widthColumns: number) =>
    printTable(ranked, rows, { widthColumns }).split('\n')[0]?.split(/ +/);
  expect(headings(40)).toEqual(['NAME', 'FORMAT', 'SIZE', 'TAGS']);
  expect(headings(27)).toEqual(['NAME', 'FORMAT', 'SIZE']);
  expect(headings(26)).toEqual(['NAME', 'FORMAT']);
  expect(headings(18)).toEqual(['NAME']);
  expect(printTable(ranked, rows, { widthColumns: 8 })).toContain('a-long-…');
});
