import { join } from 'node:path';
import { install } from './install.mjs';
import { pinnedNode, root } from './repository.mjs';
import { runInForeground } from './run-command.mjs';

const typed = process.argv.slice(2);
process.exitCode = (await install()) || (await holdfast(typed.length > 0 ? typed : ['quickstart']));

/**
 * Runs the command line from its sources, in the folder where the user typed.
 *
 * @param {readonly string[]} commandLine
 */
function holdfast(commandLine) {
  const program = join(root, 'apps', 'cli', 'src', 'main.ts');
  return runInForeground(pinnedNode, ['--conditions=@holdfast/source', program, ...commandLine], {
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
  });
}
