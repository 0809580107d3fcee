import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCode } from '../documents/without-code.ts';
import type { Finding } from '../report.ts';
import { voiceFindings } from './voice-findings.ts';

/** The phrases of the glossary in documents: in their prose and in what their examples print, but not in code. */
export function documentFindings(root: string, documents: readonly string[]): readonly Finding[] {
  return documents.flatMap((path) =>
    voiceFindings(withoutCode(readFileSync(join(root, path), 'utf8'), 'all-but-output'), { path, line: 1 }),
  );
}
