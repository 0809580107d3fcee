import { allCommands } from '@holdfast/cli';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test('--version prints the version of the package and nothing else', async () => {
  using holdfast = new Holdfast();
  const run = await holdfast.run(['--version']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const asJson = await holdfast.run(['--version', '--json']);
  expect(JSON.parse(asJson.stdout)).toEqual({ version: run.stdout.trim() });
});

test('--help lists every command and every exit code', async () => {
  using holdfast = new Holdfast();
  const run = await holdfast.run(['--help']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  for (const { name } of allCommands) expect(run.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 70, 130, 143])
    expect(run.stdout).toMatch(new RegExp(`^ +${code}  `, 'm'));
});

test('each command has help with examples that it understands', async () => {
  using holdfast = new Holdfast();
  for (const { name, examples } of allCommands) {
    const run = await holdfast.run([name, '--help']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('Examples:');
    expect(examples.length).toBeGreaterThan(0);
  }
});

test('no command at all prints help to standard error and ends with 2', async () => {
  using holdfast = new Holdfast();
  const run = await holdfast.run([]);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain('Usage: holdfast');
});

test.each([
  [['put', 'x', '--nmae', 'y'], '--name'],
  [['ptu', 'x'], 'put'],
  [['ls', 'a', 'b'], 'holdfast ls --help'],
  [['get'], 'holdfast get --help'],
  [['put', 'x', '--name'], 'holdfast put --help'],
  [['alias', 'm', 'a', '--remove', '--history'], 'holdfast alias --help'],
  [['config', 'chekc'], 'check'],
])('%j is wrong use, and the way out is shown', async (commandLine, wayOut) => {
  using holdfast = new Holdfast();
  const before = holdfast.files();
  const run = await holdfast.run(commandLine);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  expect(run.stderr).toContain(wayOut);
  expect(holdfast.files()).toEqual(before);
});

test('wrong use with --json is one object on standard error', async () => {
  using holdfast = new Holdfast();
  const run = await holdfast.run(['ls', '--nope', '--json']);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(JSON.parse(run.stderr)).toMatchObject({ error: { code: 'wrong-use', exitCode: 2 } });
});

test('a letter means one thing in every command, and a store is named by --store and --backend alike', () => {
  const commands = allCommands.flatMap((command) => [command, ...(command.subcommands ?? [])]);
  const options = commands.flatMap((command) =>
    (command.options ?? []).map(({ flags }) => ({ command: command.name, flags })),
  );
  const meanings = new Map<string, Set<string>>();
  for (const { flags } of options) {
    const [, letter, word] = /^-(\w), --([\w-]+)/.exec(flags) ?? [];
    if (letter !== undefined && word !== undefined)
      meanings.set(letter, (meanings.get(letter) ?? new Set()).add(word));
  }
  expect([...meanings].filter(([, words]) => words.size > 1)).toEqual([]);
  const having = (flag: string) =>
    options.filter(({ flags }) => flags === `--${flag} <name>`).map(({ command }) => command);
  expect(having('backend')).toEqual(having('store'));
});
