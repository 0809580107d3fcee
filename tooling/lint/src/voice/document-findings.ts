import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCode } from '../documents/without-code.ts';
import type { Finding } from '../report.ts';
import { voiceFindings } from './voice-findings.ts';

const linkTarget = /\]\([^)\n]*\)/g;

/**
 * The phrases of the glossary in documents: in their prose and in what their examples print, but neither in code nor in
 * the targets of links.
 */
export function documentFindings(root: string, documents: readonly string[]): readonly Finding[] {
  return documents.flatMap((path) => {
    const prose = withoutCode(readFileSync(join(root, path), 'utf8'), 'all-but-output');
    return voiceFindings(prose.replaceAll(linkTarget, ']()'), { path, line: 1 });
  });
}
