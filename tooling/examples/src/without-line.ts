import type { ExamplePage } from './example-block.ts';

/** A page that lacks one line of one block. */
export interface ShortenedPage {
  readonly page: ExamplePage;
  /** The index of the block that lacks it. */
  readonly index: number;
  /** Of the missing line, in the page. */
  readonly line: number;
  readonly missing: string;
}

const empty = /^\s*(?:$|\/\/|\/\*\*|\*|#)/;
/** What a program frees at its end, the end of its process frees as well. */
const disposal = /^\s*await \w+\[Symbol\.asyncDispose\]\(\);$/;

/** A page for each line of its examples, which lacks it; blank lines, comments and disposals need not be there. */
export function withoutEachLine(page: ExamplePage): readonly ShortenedPage[] {
  return page.blocks.flatMap((block, index) => {
    if (block.kind === 'unrun') return [];
    const lines = block.code.split('\n');
    return lines.flatMap((missing, offset) => {
      if (empty.test(missing) || disposal.test(missing)) return [];
      const shortened = { ...block, code: lines.toSpliced(offset, 1, '').join('\n') };
      const shortenedPage = { ...page, blocks: page.blocks.toSpliced(index, 1, shortened) };
      return [{ page: shortenedPage, index, line: block.line + offset, missing }];
    });
  });
}
