import { ExampleError } from './example-error.ts';

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  /** What stands behind the language. */
  readonly title: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  /** Without the fences; every line ends with a line feed. */
  readonly content: string;
  /** What lies between the block before, or the page's begin, and this one. */
  readonly before: string;
}

const opening = /^(?<indent> *)(?<fence>`{3,}|~{3,})(?<language>[^\s`]*) *(?<title>[^`]*)$/;

/**
 * Every fenced block of a page, in order.
 *
 * @throws ExampleError for a fence that is not closed.
 */
export function readFences(markdown: string, path: string): readonly Fence[] {
  const lines = markdown.split('\n');
  const fences: Fence[] = [];
  let before = '';
  for (let index = 0; index < lines.length; index++) {
    const { groups } = opening.exec(lines[index] ?? '') ?? {};
    if (groups === undefined) {
      before += `${lines[index]}\n`;
      continue;
    }
    const { indent = '', fence = '', language = '', title = '' } = groups;
    const end = lines.findIndex((line, other) => other > index && line.trim() === fence);
    if (end === -1) throw new ExampleError({ path, line: index + 1 }, 'the block is not closed');
    const content = lines.slice(index + 1, end).map((line) => `${withoutIndent(line, indent)}\n`);
    fences.push({ language, title: title.trim(), line: index + 1, content: content.join(''), before });
    before = '';
    index = end;
  }
  return fences;
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line;
}
