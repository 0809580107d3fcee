/**
 * Markdown whose code is blank: its fenced blocks; these and what is between backticks; or the same, but for blocks of
 * output (`text`). Lines keep their numbers.
 */
export function withoutCode(markdown: string, kind: 'blocks' | 'all' | 'all-but-output'): string {
  const fences = /^ *(`{3,}|~{3,})([^\n]*)\n[^]*?^ *\1 *$/gm;
  const prose = markdown.replaceAll(fences, (block: string, _fence: string, language: string) =>
    kind === 'all-but-output' && language === 'text' ? block.replaceAll('`', ' ') : blank(block),
  );
  return kind === 'blocks' ? prose : prose.replaceAll(/(`+)[^`]+?\1/g, blank);
}

function blank(code: string): string {
  return code.replaceAll(/[^\n]/g, ' ');
}
