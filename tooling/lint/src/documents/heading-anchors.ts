import { withoutCode } from './without-code.ts';

/** The anchors that a page of Markdown has, as the repository's host makes them from its headings. */
export function headingAnchors(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { groups } of withoutCode(markdown, 'blocks').matchAll(/^#{1,6} +(?<title>.+?)(?: +#+)?$/gm)) {
    const anchor = anchorOf(groups?.['title'] ?? '');
    let free = anchor;
    for (let count = 1; anchors.has(free); count++) free = `${anchor}-${count}`;
    anchors.add(free);
  }
  return anchors;
}

function anchorOf(title: string): string {
  const text = title.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
