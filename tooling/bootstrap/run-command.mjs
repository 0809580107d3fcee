import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const passedOn = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const ownGroup = { detached: process.platform !== 'win32' };

/**
 * Runs a program that talks with the user, and returns its exit code, `128 + n` when signal `n` ended it.
 *
 * Signals are passed on. Only Ctrl-C at a terminal is not: the terminal gives it to the program itself,
 * and a second one would look like the user's impatience.
 *
 * @param {string} program
 * @param {readonly string[]} programArguments
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function runInForeground(program, programArguments, options = {}) {
  const child = spawn(program, programArguments, { ...options, stdio: 'inherit' });
  return exitCodeOf(child, (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}

/**
 * Runs a command that needs no user, and returns its exit code. It gets a process group of its own, so that a
 * signal reaches whatever it has started: nothing stays behind.
 *
 * @param {string} program
 * @param {readonly string[]} programArguments
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function runCommand(program, programArguments, options = {}) {
  const child = spawn(program, programArguments, {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
    ...ownGroup,
  });
  return exitCodeOf(child, (signal) => killGroup(child, signal));
}

/**
 * Like {@link runCommand}, but returns what the command prints instead of printing it.
 *
 * @param {string} program
 * @param {readonly string[]} programArguments
 * @param {import('node:child_process').SpawnOptionsWithoutStdio} [options]
 */
export async function captureCommand(program, programArguments, options = {}) {
  const child = spawn(program, programArguments, { ...options, ...ownGroup });
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
  const exitCode = await exitCodeOf(child, (signal) => killGroup(child, signal));
  return { exitCode, stdout: String(Buffer.concat(stdout)), output: String(Buffer.concat(output)) };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup(child, signal) {
  if (ownGroup.detached && child.pid !== undefined) process.kill(-child.pid, signal);
  else child.kill(signal);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {(signal: NodeJS.Signals) => void} forward
 * @returns {Promise<number>}
 */
function exitCodeOf(child, forward) {
  for (const signal of passedOn) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  }).finally(() => {
    for (const signal of passedOn) process.off(signal, forward);
  });
}
