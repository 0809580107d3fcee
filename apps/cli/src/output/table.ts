import { cutToWidth, displayWidth, isPrintableAscii } from './display-width.ts';

export interface TableColumn {
  readonly heading: string;
  /** @default 'left' */
  readonly alignment?: 'left' | 'right';
  /** Columns that may be cut when the terminal is too narrow, to this width at least. */
  readonly shrinksTo?: number;
  /**
   * Columns that give way when the terminal is too narrow: they shrink first and are left out then, the highest rank first.
   * Without a rank a column always stays, and is cut only when none with a rank is left.
   */
  readonly rank?: number;
  /** Paints a cell after it was cut and aligned. */
  readonly paint?: (cell: string) => string;
}

export interface TableOptions {
  /** The width to keep within; any when not given. */
  readonly widthColumns?: number | undefined;
  readonly paintHeading?: (heading: string) => string;
}

const gap = '  ';

/** Rows under headings, aligned. Cells are plain text without line breaks. */
export function printTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const { widthColumns, paintHeading } = options;
  const all = measure(columns, rows);
  const measured = widthColumns === undefined ? all : fit(all, widthColumns);
  const headings = measured.map((column) => ({ ...column, paint: paintHeading }));
  const lines = [
    printRow(
      headings,
      columns.map(({ heading }) => heading),
    ),
  ];
  for (const row of rows) lines.push(printRow(measured, row));
  return lines.join('\n');
}

interface MeasuredColumn {
  /** Of its cells in a row. */
  readonly index: number;
  readonly rank: number | undefined;
  readonly isEmpty: boolean;
  width: number;
  /** Whether every cell takes as many columns as it has characters, and none has to be cut. */
  isPlain: boolean;
  readonly isRight: boolean;
  readonly shrinksTo: number | undefined;
  readonly paint: TableColumn['paint'] | undefined;
}

function measure(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): MeasuredColumn[] {
  return columns.map(({ heading, alignment, shrinksTo, rank, paint }, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    const isPlain = isPrintableAscii(cells.join(''));
    let width = displayWidth(heading);
    for (const cell of cells) {
      const cellWidth = isPlain ? cell.length : displayWidth(cell);
      if (cellWidth > width) width = cellWidth;
    }
    const isEmpty = cells.every((cell) => cell === '');
    return { index, rank, isEmpty, width, isPlain, isRight: alignment === 'right', shrinksTo, paint };
  });
}

/** What matters stays whole as long as anything else can give way. */
function fit(columns: readonly MeasuredColumn[], widthColumns: number): readonly MeasuredColumn[] {
  if (excess(columns, widthColumns) <= 0) return columns;
  let kept = columns.filter(({ isEmpty }) => !isEmpty);
  for (;;) {
    const ranked = kept.filter(({ rank }) => rank !== undefined);
    shrink(ranked, excess(kept, widthColumns));
    if (excess(kept, widthColumns) <= 0) return kept;
    const [first] = ranked.toSorted((a, b) => (b.rank ?? 0) - (a.rank ?? 0));
    if (first === undefined) break;
    kept = kept.filter((column) => column !== first);
  }
  shrink(kept, excess(kept, widthColumns));
  return kept;
}

function excess(columns: readonly MeasuredColumn[], widthColumns: number): number {
  return columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1)) - widthColumns;
}

/** The columns that may shrink give way, the widest first. */
function shrink(columns: readonly MeasuredColumn[], excessColumns: number): void {
  for (let left = excessColumns; left > 0; left -= 1) {
    const [widest] = columns.filter(canShrink).toSorted((a, b) => room(b) - room(a));
    if (widest === undefined) return;
    widest.width -= 1;
    widest.isPlain = false;
  }
}

function canShrink(column: MeasuredColumn): boolean {
  return room(column) > 0;
}

function room({ width, shrinksTo = width }: MeasuredColumn): number {
  return width - shrinksTo;
}

function printRow(columns: readonly MeasuredColumn[], row: readonly string[]): string {
  let line = '';
  for (const column of columns) {
    const aligned = alignCell(row[column.index] ?? '', column);
    if (column !== columns[0]) line += gap;
    line += column.paint === undefined ? aligned : column.paint(aligned);
  }
  return line.trimEnd();
}

function alignCell(cell: string, { width, isPlain, isRight }: MeasuredColumn): string {
  if (isPlain) return isRight ? cell.padStart(width) : cell.padEnd(width);
  const shown = cutToWidth(cell, width);
  const padding = ' '.repeat(width - displayWidth(shown));
  return isRight ? padding + shown : shown + padding;
}
