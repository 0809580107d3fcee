const widestLine = 110;
const lists = /^.*\[\n[^[\]{}]*\n *\],?$/gm;

/** Prints JSON as the formatter of this repository leaves it: lists on one line where they fit. */
export function printJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  const printed = text.replaceAll(lists, (list) => {
    const line = list
      .replaceAll(/\n */g, ' ')
      .replace('[ ', '[')
      .replace(/ (\],?)$/, '$1');
    return line.length > widestLine ? list : line;
  });
  return `${printed}\n`;
}
