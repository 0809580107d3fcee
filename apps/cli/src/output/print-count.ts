/** A number with its noun, as `1 file` or `3 files`. */
export function printCount(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
