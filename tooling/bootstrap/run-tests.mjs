import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { offlineEnvironment } from './offline-environment.mjs';
import { pinnedNode, root } from './repository.mjs';
import { runCommand } from './run-command.mjs';

const results = join(root, '.cache', 'test-results.json');

/** Runs all tests and counts them. */
export async function runTests() {
  rmSync(results, { force: true });
  const exitCode = await runCommand(
    pinnedNode,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
    ],
    { cwd: root, env: offlineEnvironment() },
  );
  return countTests(existsSync(results) ? readFileSync(results, 'utf8') : undefined, exitCode);
}

/**
 * Counts what vitest reports. A file that cannot be loaded and an error outside of any test are failures too,
 * though vitest counts no test for them.
 *
 * @param {string | undefined} report
 * @param {number} exitCode
 */
export function countTests(report, exitCode) {
  if (report === undefined) return { failed: 1 };
  /** @type {VitestReport} */
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report);
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  const failed = numFailedTests + brokenFiles.length;
  return {
    passed: numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  };
}

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */
