/** Prints a document as JSON. Numbers that JSON cannot represent are the texts `NaN`, `Infinity` and `-Infinity`. */
export function printJson(document: unknown): string {
  return JSON.stringify(document, (_, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : part,
  );
}
