/** Runs one command line after the other in a folder, and prints a line whenever one has succeeded. */
import { writeSync } from 'node:fs';
import { CommandLines } from './command-lines.ts';

const [folder = '', commandLines = '[]'] = process.argv.slice(2);
const commands = new CommandLines(folder);
for (const commandLine of JSON.parse(commandLines) as readonly string[]) {
  await commands.succeed(commandLine);
  writeSync(1, `done ${commandLine}\n`);
}
