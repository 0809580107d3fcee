import { cutToWidth, displayWidth, isPrintableAscii } from './display-width.ts';

export interface TableColumn {
  readonly heading: string;
  /** @default 'left' */
  readonly alignment?: 'left' | 'right';
  /** Columns that may be cut when the terminal is too narrow, to this width at least. */
  readonly shrinksTo?: number;
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
  const measured = measure(columns, rows);
  if (widthColumns !== undefined) shrink(measured, widthColumns);
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
  width: number;
  /** Whether every cell takes as many columns as it has characters, and none has to be cut. */
  isPlain: boolean;
  readonly isRight: boolean;
  readonly shrinksTo: number | undefined;
  readonly paint: TableColumn['paint'] | undefined;
}

function measure(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): MeasuredColumn[] {
  return columns.map(({ heading, alignment, shrinksTo, paint }, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    const isPlain = isPrintableAscii(cells.join(''));
    let width = displayWidth(heading);
    for (const cell of cells) {
      const cellWidth = isPlain ? cell.length : displayWidth(cell);
      if (cellWidth > width) width = cellWidth;
    }
    return { width, isPlain, isRight: alignment === 'right', shrinksTo, paint };
  });
}

/** The columns that may shrink give way until a line fits, the widest first. */
function shrink(columns: readonly MeasuredColumn[], widthColumns: number): void {
  let excess =
    columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1)) - widthColumns;
  for (; excess > 0; excess -= 1) {
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
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as MeasuredColumn;
    const aligned = alignCell(row[index] ?? '', column);
    if (index > 0) line += gap;
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
