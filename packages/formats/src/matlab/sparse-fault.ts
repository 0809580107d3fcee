/** The parts of a sparse matrix that must fit each other. */
interface SparseParts {
  readonly rows: number;
  readonly columns: number;
  readonly columnPointers: Int32Array;
  readonly rowIndices: Int32Array;
}

/** What is wrong with the form of a sparse matrix; `undefined` where it is right. */
export function sparseFault({ rows, columns, columnPointers, rowIndices }: SparseParts): string | undefined {
  const count = columnPointers.at(-1) ?? 0;
  const isRising = columnPointers.every((pointer, index) => pointer >= (columnPointers[index - 1] ?? 0));
  if (
    columnPointers.length !== columns + 1 ||
    columnPointers[0] !== 0 ||
    !isRising ||
    count > rowIndices.length
  )
    return 'the columns of a sparse matrix do not add up';
  if (rowIndices.subarray(0, count).some((row) => row < 0 || row >= rows))
    return `a row of a sparse matrix is outside of its ${rows}`;
  return undefined;
}
