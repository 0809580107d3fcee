/** The format of a version, marked where there is a warning. */
export function markedFormat(format: string, warningCount: number): string {
  return warningCount === 0 ? format : `${format} !`;
}

/** Explains the mark, where one is shown. */
export function warningsNote(warningCounts: readonly number[]): string | undefined {
  return warningCounts.some((count) => count > 0)
    ? '! has warnings: holdfast show NAME:NUMBER prints them.'
    : undefined;
}
