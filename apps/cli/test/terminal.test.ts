import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { displayWidth } from '../src/output/display-width.ts';
import { flipBit } from './support/flip-bit.ts';
import { Holdfast } from './support/holdfast.ts';
import { sampleBytes } from './support/sample-files.ts';

/** Of util-linux: runs a command on a terminal of its own. */
const terminalProgram = 'script';
const hasTerminal = spawnSync(terminalProgram, ['--version']).status === 0;
const template = new Holdfast();

beforeAll(async () => {
  template.write('file', sampleBytes(1_000, 1));
  await template.succeed(['init']);
  await template.succeed([
    'put',
    'file',
    '--name',
    'm',
    '--tag',
    `note=${'größe 模型 '.repeat(30)}`,
    '--alias',
    'champion',
  ]);
});

afterAll(() => template[Symbol.dispose]());

interface TerminalOptions {
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly input?: string | undefined;
  readonly columns?: number | undefined;
}

/** Runs the program on a terminal of its own and answers what a person sees there. */
async function onTerminal(
  holdfast: Holdfast,
  commandLine: readonly string[],
  { environment = {}, input, columns = 80 }: TerminalOptions = {},
): Promise<{ readonly text: string; readonly exitCode: number | null }> {
  const { command } = holdfast.launch(commandLine);
  const quoted = command.map((word) => `'${word}'`).join(' ');
  const run = await holdfast.run([], {
    instead: [terminalProgram, '-qec', `stty cols ${columns}; ${quoted}`, '/dev/null'],
    environment: { TERM: 'xterm', ...environment },
    ...(input === undefined ? {} : { input }),
  });
  return { text: run.stdout, exitCode: run.exitCode };
}

test.runIf(hasTerminal)('a terminal gets colours, unless NO_COLOR or --no-color say no', async () => {
  using holdfast = template.copy();
  expect((await onTerminal(holdfast, ['ls'])).text).toContain('\u001b[1m');
  expect((await onTerminal(holdfast, ['ls', '--no-color'])).text).not.toContain('\u001b[');
  expect((await onTerminal(holdfast, ['ls'], { environment: { NO_COLOR: '1' } })).text).not.toContain(
    '\u001b[',
  );
  expect((await onTerminal(holdfast, ['show', 'nope'])).text).toContain('\u001b[31merror:');
  expect((await onTerminal(holdfast, ['ls', '--json'])).text).not.toContain('\u001b[');
});

test.runIf(hasTerminal)('lines are cut to the width of the terminal', async () => {
  using holdfast = template.copy();
  for (const columns of [100, 140]) {
    const { text } = await onTerminal(holdfast, ['ls'], { columns });
    const widths = text.trim().split(/\r?\n/).map(displayWidth);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(text).toContain('…');
  }
});

test.runIf(hasTerminal)('80 columns show names, aliases and the command to run whole', async () => {
  using holdfast = new Holdfast();
  const name = 'vibration/fault-classifier-of-bearings';
  const bytes = sampleBytes(100_000, 1);
  holdfast.write('file', bytes);
  await holdfast.succeed(['init']);
  await holdfast.succeed(['put', 'file', '--name', name, '--alias', 'champion', '--tag', 'stage=production']);
  for (const commandLine of [['ls'], ['ls', name]]) {
    const { text } = await onTerminal(holdfast, commandLine);
    for (const part of [name, 'champion']) expect(text).toContain(part);
    expect(text).not.toContain('…');
  }
  const data = holdfast.files().filter((path) => path.includes('.holdfast/store/data/'));
  for (const path of data) flipBit(join(holdfast.folder, '..', path), bytes.subarray(500, 600));
  const { text } = await onTerminal(holdfast, ['verify']);
  expect(text).toMatch(/\n {2}\S*→\S* put the same file again: that rewrites it\r?\n/);
  const doctor = await onTerminal(holdfast, ['doctor']);
  expect(doctor.text).toMatch(/free\r?\n/);
  const lines = doctor.text.trim().split(/\r?\n/);
  const widths = lines.filter((line) => !line.includes(tmpdir())).map(displayWidth);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
});

test.runIf(hasTerminal)('rm asks on a terminal, and only yes is a yes', async () => {
  using holdfast = template.copy();
  await holdfast.succeed(['alias', 'm', 'champion', '--remove']);
  const no = await onTerminal(holdfast, ['rm', 'm:1'], { input: 'n\n' });
  expect(no.text).toContain('Remove m:1 (1 version, 0.98 KiB)? [y/N]');
  expect(no.exitCode).toBe(130);
  expect((await holdfast.succeed(['ls', 'm', '--names'])).stdout).toBe('m:1\n');
  const yes = await onTerminal(holdfast, ['rm', 'm:1'], { input: 'y\n' });
  expect(yes.exitCode).toBe(0);
  expect((await holdfast.succeed(['ls', 'm', '--names'])).stdout).toBe('');
});

test.runIf(hasTerminal)('run rm asks about a run that is running', async () => {
  using holdfast = template.copy();
  await holdfast.succeed(['experiment', 'create', 'faults']);
  const id = (await holdfast.succeed(['run', 'create', 'faults'])).stdout.trim();
  const no = await onTerminal(holdfast, ['run', 'rm', id], { input: 'n\n' });
  expect(no.text).toContain(`Remove the run ${id} (running)? [y/N]`);
  expect(no.exitCode).toBe(130);
  const yes = await onTerminal(holdfast, ['run', 'rm', id], { input: 'y\n' });
  expect(yes.exitCode).toBe(0);
  expect((await holdfast.succeed(['run', 'ls', 'faults'])).stdout).toBe('');
});

test.runIf(hasTerminal)('bytes do not go to a terminal unless asked to', async () => {
  using holdfast = template.copy();
  const run = await onTerminal(holdfast, ['get', 'm', '-o', '-']);
  expect(run.exitCode).toBe(2);
  expect(run.text).toContain('--force');
});
