import type { App } from '@holdfast/composition';
import { recoveredSentence } from '../../output/print-recovered.ts';
import type { HealthCheck } from './health-check.ts';

/** Puts back what killed commands moved aside, and takes away what they left beside their paths. */
export async function checkTargets(app: App): Promise<HealthCheck> {
  const recovered = await (await app.targets()).recover();
  const subject = 'leftovers';
  if (recovered.length === 0) return { subject, state: 'good', finding: 'no killed command left anything' };
  const finding = recovered.map((target) => recoveredSentence(target, false)).join(' ');
  const kept = recovered.filter(({ outcome }) => outcome === 'kept');
  if (kept.length === 0) return { subject, state: 'notice', finding };
  return { subject, state: 'notice', finding, advice: 'Look into them, and remove what you do not need.' };
}
