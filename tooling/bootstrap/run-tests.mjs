import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countTests } from './count-tests.mjs';
import { offlineEnvironment } from './offline-environment.mjs';
import { pinnedNode, root } from './repository.mjs';
import { runCommand } from './run-command.mjs';
import { TemporaryFolder } from './temporary-folder.mjs';

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const results = join(root, '.cache', 'test-results.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];

/** Runs all tests and counts them; that they leave nothing behind counts as one more. */
export async function runTests() {
  rmSync(results, { force: true });
  const temporary = new TemporaryFolder();
  const exitCode = await runCommand(pinnedNode, [vitest, 'run', ...reporters], {
    cwd: root,
    env: { ...offlineEnvironment(), ...temporary.environment },
  });
  const leftovers = temporary.remove();
  const counts = countTests(existsSync(results) ? readFileSync(results, 'utf8') : undefined, exitCode);
  if (leftovers.length === 0) return { ...counts, passed: counts.passed + 1 };
  process.stderr.write(`error: the tests left in the temporary folder: ${leftovers.join(', ')}\n`);
  return { ...counts, failed: counts.failed + 1 };
}
