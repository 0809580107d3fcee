import { checkBackends } from './check-backends.mjs';
import { installServices } from './install-services.mjs';
import { install } from './install.mjs';
import { Interruption } from './interruption.mjs';
import { phase } from './phase.mjs';
import { runChecks } from './run-checks.mjs';
import { runTests } from './run-tests.mjs';
import { Tally } from './tally.mjs';

const interruption = new Interruption();
const tally = new Tally();

if ((await install()) === 0) {
  await Promise.all([
    count('installing test servers and oracles', installServices),
    count('checks', runChecks),
  ]);
  await count('tests', runTests);
  await count('what adapters declare', checkBackends);
} else {
  tally.add({ failed: 1 });
}

process.exitCode = interruption.exitCode ?? tally.exitCode;
process.stdout.write(`${String(tally)}\n`);

/**
 * @param {string} name
 * @param {() => Promise<import('./tally.mjs').Counts>} work
 */
async function count(name, work) {
  if (interruption.exitCode === undefined) tally.add(await phase(name, work));
}
