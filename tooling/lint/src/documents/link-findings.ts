import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Finding } from '../report.ts';
import { headingAnchors } from './heading-anchors.ts';
import { withoutCode } from './without-code.ts';

const inline = /\]\((?<inline><[^>]*>|[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?: +"[^"]*")?\)/;
const definition = /^ {0,3}\[[^\]]+\]: +(?<definition>\S+)/;
const attribute = /\b(?:href|src)="(?<attribute>[^"]*)"/;
const links = new RegExp([inline, definition, attribute].map(({ source }) => source).join('|'), 'gm');

/** The links of documents that lead to no file, or to no heading, of this repository; addresses elsewhere are not followed. */
export function linkFindings(root: string, documents: readonly string[]): readonly Finding[] {
  return documents.flatMap((document) => {
    const prose = withoutCode(readFileSync(join(root, document), 'utf8'), 'all');
    return [...prose.matchAll(links)].flatMap(({ index, groups = {} }) => {
      const target = groups['inline'] ?? groups['definition'] ?? groups['attribute'] ?? '';
      const problem = problemOf(target.replaceAll(/^<|>$/g, ''), { root, document });
      const line = prose.slice(0, index).split('\n').length;
      return problem === undefined ? [] : [{ path: `${document}:${line}`, problem: `${target} ${problem}` }];
    });
  });
}

function problemOf(
  target: string,
  { root, document }: { readonly root: string; readonly document: string },
): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  if (path.startsWith('/')) return 'begins at a root: links are relative to their document';
  const file = path === '' ? join(root, document) : join(root, dirname(document), decodeURIComponent(path));
  if (relative(root, file).split(sep)[0] === '..') return 'leads out of the repository';
  if (!existsSync(file)) return 'does not exist';
  if (anchor === undefined) return undefined;
  const page = statSync(file).isDirectory() ? join(file, 'README.md') : file;
  const isThere = page.endsWith('.md') && headingAnchors(readFileSync(page, 'utf8')).has(anchor);
  return isThere ? undefined : 'names a heading that is not there';
}
