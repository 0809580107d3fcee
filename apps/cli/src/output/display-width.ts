import { stripVTControlCharacters } from 'node:util';

const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const ascii = /^[\u0020-\u007e]*$/;
let segmenter: Intl.Segmenter | undefined;

/** Whether a text takes as many columns as it has characters, and has nothing in it that moves the cursor. */
export function isPrintableAscii(text: string): boolean {
  return ascii.test(text);
}

/** How many columns a text takes on a terminal, colours not counted. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  const plain = stripVTControlCharacters(text);
  if (ascii.test(plain)) return plain.length;
  return graphemes(plain).reduce((columns, grapheme) => columns + graphemeWidth(grapheme), 0);
}

/** Cuts a text without colours so that it takes at most so many columns, with `…` where something is missing. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = '';
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += graphemeWidth(grapheme);
    if (used > columns - 1) break;
    cut += grapheme;
  }
  return `${cut.trimEnd()}…`;
}

function graphemes(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function graphemeWidth(grapheme: string): number {
  if (/^\p{Mark}+$/u.test(grapheme)) return 0;
  return wide.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}
