import { appendFileSync } from 'node:fs';
import type { ReliabilityFact } from './reliability-fact.ts';

/** The environment's variable that names the file to which facts are appended; without it nothing is kept. */
export const factsVariable = 'HOLDFAST_RELIABILITY_FACTS';

/** Tells what a test has done, once it has found nothing lost: one line of JSON, for `pnpm reliability`. */
export function recordFact(fact: ReliabilityFact): void {
  const path = process.env[factsVariable];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(fact)}\n`);
}
