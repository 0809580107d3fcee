import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { allCommands, exitCodeOf } from '@holdfast/cli';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the example works as it stands there', () => {
  using holdfast = new Holdfast();
  const [, example = ''] = /## An example\n[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  expect(example).toContain('holdfast put');
  const { command, environment } = holdfast.launch([]);
  const words = command.map((word) => `'${word}'`).join(' ');
  const script = `set -euo pipefail\nholdfast() { ${words} "$@"; }\n${example}`;
  const run = spawnSync('bash', ['-c', script], { cwd: holdfast.folder, env: environment, encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toContain('team/detector:2');
  expect(run.stdout).toMatch(/^12$/m);
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
