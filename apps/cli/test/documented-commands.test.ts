import { readFileSync } from 'node:fs';
import { allCommands } from '@holdfast/cli';
import { expect, test } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the tables name every command', () => {
  for (const { name, subcommands = [] } of allCommands) {
    expect(readme).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'm'));
    for (const subcommand of subcommands) expect(readme).toContain(`\`${name} ${subcommand.name}\``);
  }
});
