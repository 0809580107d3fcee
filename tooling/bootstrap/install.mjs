import { tmpdir } from 'node:os';
import { isInstalled, markInstalled } from './install-stamp.mjs';
import { phase } from './phase.mjs';
import { packageManager, pinnedNodeVersion, root } from './repository.mjs';
import { captureCommand } from './run-command.mjs';

/** Installs what is missing and returns the exit code of that; the user has been told what went wrong. */
export async function install() {
  if (isInstalled()) return 0;
  const exitCode = await phase(`installing packages with ${packageManager()}`, runPackageManager);
  if (exitCode === 0) markInstalled();
  else process.stderr.write(explanation(exitCode));
  return exitCode;
}

/**
 * It runs outside the repository, or npx would take the very pnpm that is about to be replaced. What package managers say on
 * the way is of use only when it goes wrong.
 */
async function runPackageManager() {
  const needsShell = process.platform === 'win32';
  const task = ['install', '--frozen-lockfile', `--config.node-version=${pinnedNodeVersion()}`];
  const words = ['-y', packageManager(), '--dir', root, ...task];
  const started = Date.now();
  const patience = setInterval(() => {
    process.stderr.write(`  still installing (${Math.round((Date.now() - started) / 1000)} s)\n`);
  }, 15_000);
  const { exitCode, output } = await captureCommand(
    needsShell ? 'npx.cmd' : 'npx',
    needsShell ? words.map(quoted) : words,
    { cwd: tmpdir(), env: quiet(process.env), shell: needsShell },
  ).finally(() => clearInterval(patience));
  if (exitCode !== 0) process.stderr.write(output);
  return exitCode;
}

/**
 * A shell takes words apart at spaces, which folders may have.
 *
 * @param {string} word
 */
function quoted(word) {
  return `"${word}"`;
}

/**
 * Without notices and moving pictures; but what goes wrong is said, even when npm was asked to be silent.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
function quiet(environment) {
  const level = environment['npm_config_loglevel'] === 'silent' ? { npm_config_loglevel: 'error' } : {};
  return { ...environment, ...level, npm_config_progress: 'false', npm_config_update_notifier: 'false' };
}

/** @param {number} exitCode */
function explanation(exitCode) {
  return [
    `error: the packages of Holdfast could not be installed (exit code ${exitCode}).`,
    '       The cause stands above; most often the package registry was out of reach.',
    `       Try again, or by hand: npx -y ${packageManager()} install --frozen-lockfile`,
    '',
  ].join('\n');
}
