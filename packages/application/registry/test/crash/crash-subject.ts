/** Does what a plan says, and tells on standard output what is done, and what has failed. */
import { writeSync } from 'node:fs';
import { openServices } from '../race/open-services.ts';
import { crashPlans, runDeed } from './crash-plans.ts';

const [folder = '', plan = ''] = process.argv.slice(2);

/** Opening writes too, and is a part of every command. */
async function attempt(index: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    writeSync(1, `done ${index}\n`);
  } catch (error) {
    const { code = 'unknown' } = error as { readonly code?: string };
    writeSync(1, `failed ${index} ${code}\n`);
    if (code === 'unknown') throw error;
  }
}

for (const [index, deed] of (crashPlans[plan] ?? []).entries()) {
  await attempt(index, async () => {
    await using services = await openServices(folder);
    await runDeed(services, deed);
  });
}
