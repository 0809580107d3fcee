import { sep } from 'node:path';
import type { Finding } from './report.ts';

const empty = new Set(['utils', 'util', 'common', 'helpers', 'helper', 'misc']);

/** Files and folders whose name says nothing about what they hold. */
export function nameFindings(files: readonly string[]): readonly Finding[] {
  return files
    .filter((path) => path.split(sep).some((part) => empty.has(part.replace(/\..*$/, ''))))
    .map((path) => ({ path, problem: 'is named after nothing: name it after the one thing that it holds' }));
}
