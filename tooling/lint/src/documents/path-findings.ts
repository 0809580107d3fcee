import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../report.ts';
import { withoutCode } from './without-code.ts';

const paths = /`(?<path>(?:apps|docs|packages|tooling)\/[\w./-]+)`/g;

/** Paths of this repository that stand between backticks in documents, from its root, and are not there. */
export function pathFindings(root: string, documents: readonly string[]): readonly Finding[] {
  return documents.flatMap((document) => {
    const prose = withoutCode(readFileSync(join(root, document), 'utf8'), 'blocks');
    return [...prose.matchAll(paths)].flatMap(({ index, groups }) => {
      const path = groups?.['path'] ?? '';
      if (existsSync(join(root, path))) return [];
      const line = prose.slice(0, index).split('\n').length;
      return [{ path: `${document}:${line}`, problem: `${path} does not exist` }];
    });
  });
}
