import type { RecoveredTarget } from '@holdfast/registry';

/** What became of something that a killed command left beside its path. */
export function recoveredSentence({ path, leftover, outcome }: RecoveredTarget, isDryRun: boolean): string {
  const [past, future] = {
    'put back': [`${path} was put back`, `${path} would be put back`],
    removed: [`${leftover} was removed`, `${leftover} would be removed`],
    kept: [`${leftover} holds what was at ${path}`, `${leftover} holds what was at ${path}`],
  }[outcome];
  return `${isDryRun ? future : past}: a get that was killed left it.`;
}
