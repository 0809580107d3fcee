import type { Finding } from '../report.ts';
import { phrases } from './phrases.ts';

/** Where a text begins. */
interface Origin {
  readonly path: string;
  readonly line: number;
}

/** The phrases of the glossary in a text, in its order, each with what to write instead. */
export function voiceFindings(text: string, { path, line }: Origin): readonly Finding[] {
  return phrases
    .flatMap(({ pattern, but }) =>
      [...text.matchAll(new RegExp(pattern, 'gi'))].map(({ 0: phrase, index }) => ({ phrase, index, but })),
    )
    .toSorted((one, other) => one.index - other.index)
    .map(({ phrase, index, but }) => ({
      path: `${path}:${line + text.slice(0, index).split('\n').length - 1}`,
      problem: `"${phrase}": write ${but} (docs/style.md)`,
    }));
}
