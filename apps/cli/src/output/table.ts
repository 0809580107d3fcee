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
  const widths = fittedWidths(columns, rows, options.widthColumns);
  const lastIndex = columns.length - 1;
  const line = (cells: readonly string[], paints: readonly (TableColumn['paint'] | undefined)[]): string =>
    cells
      .map((cell, index) => {
        const column = columns[index];
        const aligned = alignCell(cell, widths[index] ?? 0, {
          isRight: column?.alignment === 'right',
          isLast: index === lastIndex,
        });
        return paints[index]?.(aligned) ?? aligned;
      })
      .join(gap)
      .trimEnd();
  const headings = columns.map(({ heading }) => heading);
  const paints = columns.map(({ paint }) => paint);
  return [line(headings, columns.map(() => options.paintHeading)), ...rows.map((row) => line(row, paints))].join('\n');
}

function alignCell(
  cell: string,
  width: number,
  { isRight, isLast }: { readonly isRight: boolean; readonly isLast: boolean },
): string {
  const shown = cutToWidth(cell, width);
  const padding = ' '.repeat(Math.max(0, width - displayWidth(shown)));
  if (isRight) return `${padding}${shown}`;
  return isLast ? shown : `${shown}${padding}`;
}

/** The widest cell of each column; the columns that may shrink give way until the line fits, the widest first. */
function fittedWidths(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  widthColumns: number | undefined,
): readonly number[] {
  const widths = columns.map(({ heading }, index) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), displayWidth(heading)),
  );
  if (widthColumns === undefined) return widths;
  const total = (): number => widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
  while (total() > widthColumns) {
    const excess = columns.map(({ shrinksTo }, index) =>
      shrinksTo === undefined ? 0 : Math.max(0, (widths[index] ?? 0) - shrinksTo),
    );
    const widest = excess.indexOf(Math.max(...excess));
    if ((excess[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
