/**
 * Replaces what stands between the markers of a group, `<!-- figures: NAME -->` and `<!-- end: NAME -->`.
 *
 * @throws Error when the markers are not there.
 */
export function replaceFigures(document: string, name: string, figures: string): string {
  const [begin, end] = [`<!-- figures: ${name} -->`, `<!-- end: ${name} -->`];
  const beginAt = document.indexOf(begin);
  const endAt = document.indexOf(end, beginAt);
  if (beginAt === -1 || endAt === -1)
    throw new Error(`The document has no place for ${name}: ${begin} … ${end}`);
  return `${document.slice(0, beginAt + begin.length)}\n\n${figures.trim()}\n\n${document.slice(endAt)}`;
}
