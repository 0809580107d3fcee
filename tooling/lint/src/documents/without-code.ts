/** Markdown whose code is blank: its fenced blocks, or these and what stands between backticks. Lines keep their numbers. */
export function withoutCode(markdown: string, kind: 'blocks' | 'all'): string {
  const prose = markdown.replaceAll(/^ *(`{3,}|~{3,})[^\n]*\n[^]*?^ *\1 *$/gm, blank);
  return kind === 'blocks' ? prose : prose.replaceAll(/(`+)[^`]+?\1/g, blank);
}

function blank(code: string): string {
  return code.replaceAll(/[^\n]/g, ' ');
}
