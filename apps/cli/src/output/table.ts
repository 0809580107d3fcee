import { cutToWidth, displayWidth } from './display-width.ts';

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
  const headings = columns.map((column) => ({ ...column, paint: paintHeading }));
  const widths = fittedWidths(columns, rows, widthColumns);
  const lines = [
    printRow(
      headings,
      columns.map(({ heading }) => heading),
      widths,
    ),
  ];
  for (const row of rows) lines.push(printRow(columns, row, widths));
  return lines.join('\n');
}

type RowColumn = Pick<TableColumn, 'alignment'> & { readonly paint?: TableColumn['paint'] | undefined };

function printRow(columns: readonly RowColumn[], row: readonly string[], widths: readonly number[]): string {
  let line = '';
  for (let index = 0; index < columns.length; index += 1) {
    const { alignment, paint } = columns[index] as RowColumn;
    const aligned = alignCell(row[index] ?? '', widths[index] ?? 0, alignment === 'right');
    if (index > 0) line += gap;
    line += paint === undefined ? aligned : paint(aligned);
  }
  return line.trimEnd();
}

function alignCell(cell: string, width: number, isRight: boolean): string {
  const missing = width - displayWidth(cell);
  if (missing < 0) return alignCell(cutToWidth(cell, width), width, isRight);
  const padding = ' '.repeat(missing);
  return isRight ? padding + cell : cell + padding;
}

/** The widest cell of each column; the columns that may shrink give way until the line fits, the widest first. */
function fittedWidths(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  widthColumns: number | undefined,
): readonly number[] {
  const widths = columns.map(({ heading }) => displayWidth(heading));
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(row[index] ?? ''));
    }
  }
  const total = (): number => widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
  while (widthColumns !== undefined && total() > widthColumns) {
    const excess = columns.map(({ shrinksTo }, index) =>
      shrinksTo === undefined ? 0 : Math.max(0, (widths[index] ?? 0) - shrinksTo),
    );
    const widest = excess.indexOf(Math.max(...excess));
    if ((excess[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
