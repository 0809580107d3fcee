import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './repository.ts';

/** A program in a README, and what it prints there. */
export interface ReadmeExample {
  readonly code: string;
  /** `undefined` where the README does not say. */
  readonly printed: string | undefined;
}

/** The TypeScript programs of a README of the repository. */
export function readmeExamples(folder: string): readonly ReadmeExample[] {
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
  const blocks = readme.matchAll(/```ts(?: [^\n]*)?\n(?<code>.*?)```(?:\n+```text\n(?<printed>.*?)```)?/gs);
  return Array.from(blocks, ({ groups }) => ({
    code: groups?.['code'] ?? '',
    printed: groups?.['printed'],
  }));
}
