import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { offlineEnvironment } from './offline-environment.mjs';
import { pinnedNode, root } from './repository.mjs';
import { captureCommand, runCommand } from './run-command.mjs';

const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
const summaries = join(root, '.turbo', 'runs');

const tasks = [
  'build',
  'bundle',
  'check:lint',
  'check:format',
  'check:boundaries',
  'check:manifests',
  'check:generated',
  'check:names',
  'check:links',
  'check:documents',
  'check:unused',
  'check:voice',
];

const runOptions = [
  '--continue=dependencies-successful',
  '--summarize',
  '--output-logs=errors-only',
  '--log-order=grouped',
  '--ui=stream',
];

/** Runs every check to its end, whatever the others say, and counts them. */
export async function runChecks() {
  rmSync(summaries, { recursive: true, force: true });
  const options = { cwd: root, env: offlineEnvironment() };
  const plan = await captureCommand(pinnedNode, [turbo, 'run', ...tasks, '--dry-run=json'], options);
  if (plan.exitCode !== 0) process.stderr.write(plan.output);
  else await runCommand(pinnedNode, [turbo, 'run', ...tasks, ...runOptions], options);
  return existsSync(summaries) ? count(plannedTasks(plan.stdout), finishedTasks()) : { failed: 1 };
}

/**
 * What did not run, since what it needs had failed, counts as skipped.
 *
 * @param {readonly unknown[]} planned
 * @param {readonly FinishedTask[]} finished
 */
function count(planned, finished) {
  const passed = finished.filter(({ execution }) => execution.exitCode === 0).length;
  return { passed, failed: finished.length - passed, skipped: planned.length - finished.length };
}

/**
 * @param {string} dryRun
 * @returns {readonly unknown[]}
 */
function plannedTasks(dryRun) {
  /** @type {{ tasks: { command: string }[] }} */
  const { tasks: planned } = JSON.parse(dryRun);
  return planned.filter(({ command }) => command !== '<NONEXISTENT>');
}

/**
 * @typedef {object} FinishedTask
 * @property {{ exitCode?: number }} execution
 *
 * @returns {readonly FinishedTask[]}
 */
function finishedTasks() {
  const [file = ''] = readdirSync(summaries);
  return JSON.parse(readFileSync(join(summaries, file), 'utf8')).tasks;
}
