import type { GeneratedSection } from './generated-section.ts';

/**
 * A document with a section as it has to be.
 *
 * @throws Error when the markers are not there.
 */
export function replaceSection(document: string, { path, name, content }: GeneratedSection): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const beginAt = document.indexOf(begin);
  const endAt = document.indexOf(end, beginAt);
  if (beginAt === -1 || endAt === -1) throw new Error(`${path} has no place for ${name}: ${begin} … ${end}`);
  return `${document.slice(0, beginAt + begin.length)}\n\n${content}\n\n${document.slice(endAt)}`;
}
