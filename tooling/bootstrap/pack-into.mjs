import { join } from 'node:path';
import { offlineEnvironment } from './offline-environment.mjs';
import { phase } from './phase.mjs';
import { pinnedNode, root } from './repository.mjs';
import { captureCommand } from './run-command.mjs';

const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');

/**
 * Builds what is published and packs it, as a release would, into a folder; returns an exit code.
 *
 * @param {string} folder
 * @param {readonly string[]} filters Which packages, as pnpm selects them.
 */
export async function packInto(folder, filters) {
  const selected = filters.flatMap((filter) => ['--filter', filter]);
  const pack = [pnpm, '--recursive', ...selected, 'pack', '--pack-destination', folder];
  return (
    (await quietly('building', [turbo, 'run', 'build', 'bundle', '--output-logs=errors-only'])) ||
    (await quietly('packing', pack))
  );
}

/**
 * @param {string} name
 * @param {readonly string[]} words
 */
function quietly(name, words) {
  return phase(name, async () => {
    const options = { cwd: root, env: offlineEnvironment() };
    const { exitCode, output } = await captureCommand(pinnedNode, words, options);
    if (exitCode !== 0) process.stderr.write(output);
    return exitCode;
  });
}
