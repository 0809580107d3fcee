import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../report.ts';
import { withoutCode } from './without-code.ts';

const inlineCode = /`[^`\n]+`/g;
const path = /(?<![\w./=@-])(?:apps|docs|packages|tooling)\/[\w./-]*[\w-]/g;

/** Paths of this repository that stand between backticks in documents, from its root, and are not there. */
export function pathFindings(root: string, documents: readonly string[]): readonly Finding[] {
  return documents.flatMap((document) => {
    const prose = withoutCode(readFileSync(join(root, document), 'utf8'), 'blocks');
    return [...prose.matchAll(inlineCode)].flatMap(({ 0: code, index }) => {
      const line = prose.slice(0, index).split('\n').length;
      const missing = (code.match(path) ?? []).filter((name) => !existsSync(join(root, name)));
      return missing.map((name) => ({ path: `${document}:${line}`, problem: `${name} does not exist` }));
    });
  });
}
