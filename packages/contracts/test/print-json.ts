const widestLine = 110;

/** Prints JSON as the formatter of this repository leaves it: lists on one line where they fit. */
export function printJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  const lists = /^( *)(.*)\[\n([^[\]{}]*)\n *\](,?)$/gm;
  const printed = text.replaceAll(lists, (whole: string, indent: string, before: string, items: string, comma: string) => {
    const line = `${indent}${before}[${items.trim().split(/\n */).join(' ')}]${comma}`;
    return line.length > widestLine ? whole : line;
  });
  return `${printed}\n`;
}
