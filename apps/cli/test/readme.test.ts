import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { allCommands, exitCodeOf } from '@holdfast/cli';
import { sampleClassifier } from '@holdfast/formats';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Runs the lines of an example as a shell does, with `holdfast` as the command. */
function runExample(holdfast: Holdfast, example: string): SpawnSyncReturns<string> {
  const { command, environment } = holdfast.launch([]);
  const words = command.map((word) => `'${word}'`).join(' ');
  const script = `set -euo pipefail\nholdfast() { ${words} "$@"; }\n${example}`;
  return spawnSync('bash', ['-c', script], { cwd: holdfast.folder, env: environment, encoding: 'utf8' });
}

test("the main job works as the repository's README shows it", () => {
  using holdfast = new Holdfast();
  const front = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /## The main job\n[^]*?```sh\n([^]*?)```/.exec(front) ?? [];
  expect(example).toContain('npm start -- put');
  holdfast.write('model.onnx', sampleClassifier(1).onnx);
  const run = runExample(holdfast, example.replaceAll('npm start -- ', 'holdfast '));
  expect(run.status, run.stderr).toBe(0);
  expect(holdfast.read('copy.onnx')).toEqual(holdfast.read('model.onnx'));
});

test('the example works as it stands there', () => {
  using holdfast = new Holdfast();
  const [, example = ''] = /## An example\n[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  expect(example).toContain('holdfast put');
  const run = runExample(holdfast, example);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toContain('team/detector:2');
  expect(run.stdout).toMatch(/^12$/m);
});

test('a lost registry comes back as the section on disaster shows it', { timeout: 120_000 }, () => {
  using holdfast = new Holdfast();
  const [, first = ''] = /## An example\n[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  const [, example = ''] = /## Backup and disaster\n[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  expect(example).toContain('holdfast restore');
  const run = runExample(holdfast, `${first}\n${example}`);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toContain('holdfast-backup.json\nregistry.jsonl\nobjects.jsonl\n');
});

test('the tables name every command', () => {
  for (const { name, subcommands = [] } of allCommands) {
    expect(readme).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'm'));
    for (const subcommand of subcommands) expect(readme).toContain(`\`${name} ${subcommand.name}\``);
  }
});

test('the shown error has the exit code that it says', () => {
  const [, shown = ''] = /```json\n([^]*?)```/.exec(readme) ?? [];
  const { error } = JSON.parse(shown) as { error: { code: 'not-found'; exitCode: number } };
  expect(exitCodeOf(error.code)).toBe(error.exitCode);
});
