import type { App } from '@holdfast/composition';
import { epochMsOf } from '@holdfast/domain';
import { printTime } from '../../output/print-time.ts';
import type { HealthCheck } from './health-check.ts';

/** Clocks of machines that share a registry differ a little. */
const toleranceMs = 300_000;

/** Compares the clock with the newest record: time that was stored before must not lie ahead. */
export async function checkClock(app: App, nowMs: number): Promise<HealthCheck> {
  const now = printTime(new Date(nowMs).toISOString());
  const order = { field: 'updatedAt', direction: 'descending' } as const;
  const { items } = await (await app.models()).listModels({ order, limit: 1 });
  const newest = items[0]?.model.updatedAt;
  if (newest === undefined || epochMsOf(newest) <= nowMs + toleranceMs) {
    return { subject: 'clock', state: 'good', finding: now };
  }
  return {
    subject: 'clock',
    state: 'bad',
    finding: `${now}, and a record was made at ${printTime(newest)}`,
    advice: 'Set the clock of this machine, or of the one that made the record.',
  };
}
