import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const passedOn = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs a command to its end and returns its exit code, `128 + n` when signal `n` ended it.
 *
 * Signals are passed on. Only Ctrl-C at a terminal is not: the terminal gives it to the command itself,
 * and a second one would look like the user's impatience.
 *
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function runCommand(command, commandArguments, options = {}) {
  return exitCodeOf(spawn(command, commandArguments, { stdio: 'inherit', ...options }));
}

/**
 * Like {@link runCommand}, but returns what the command prints instead of printing it.
 *
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {import('node:child_process').SpawnOptionsWithoutStdio} [options]
 */
export async function captureCommand(command, commandArguments, options = {}) {
  const child = spawn(command, commandArguments, options);
  child.stdin.end();
  /** @type {Buffer[]} */
  const stdout = [];
  /** @type {Buffer[]} */
  const output = [];
  child.stdout.on('data', (bytes) => {
    stdout.push(bytes);
    output.push(bytes);
  });
  child.stderr.on('data', (bytes) => output.push(bytes));
  const exitCode = await exitCodeOf(child);
  return { exitCode, stdout: String(Buffer.concat(stdout)), output: String(Buffer.concat(output)) };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function exitCodeOf(child) {
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of passedOn) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  }).finally(() => {
    for (const signal of passedOn) process.off(signal, forward);
  });
}
