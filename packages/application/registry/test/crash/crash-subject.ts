/** Does what a plan says, and tells on standard output what is done, and what has failed. */
import { writeSync } from 'node:fs';
import { openServices } from '../race/open-services.ts';
import { crashPlans, runDeed } from './crash-plans.ts';

const [folder = '', plan = ''] = process.argv.slice(2);
const deeds = crashPlans[plan] ?? [];
let reached = 0;

try {
  await using services = await openServices(folder);
  for (const deed of deeds) {
    await runDeed(services, deed).then(() => writeSync(1, `done ${reached}\n`), tellFailure);
    reached++;
  }
} catch (error) {
  // What could not be opened has done nothing of it; what could not be closed has done everything.
  for (; reached < deeds.length; reached++) tellFailure(error);
}

function tellFailure(error: unknown): void {
  const { code } = error as { readonly code?: string };
  if (code === undefined) throw error;
  writeSync(1, `failed ${reached} ${code}\n`);
}
