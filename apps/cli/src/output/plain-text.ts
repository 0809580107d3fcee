/* eslint-disable no-control-regex -- control characters are what is looked for */
const treacherous = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const everyTreacherous = new RegExp(treacherous, 'g');

/**
 * Text that came from outside, made safe for a terminal: control characters and those that turn the direction
 * of writing are spelled out, so that no name or tag can move the cursor, change colours or reorder a line.
 */
export function plainText(text: string): string {
  return treacherous.test(text) ? text.replaceAll(everyTreacherous, spelled) : text;
}

function spelled(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
