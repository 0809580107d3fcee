import { join } from 'node:path';
import { pinnedNode, root, toolEnvironment } from './repository.mjs';
import { captureCommand } from './run-command.mjs';

/** Installs the servers and oracles that tests need, and counts that as one test. */
export async function installServices() {
  const program = join(root, 'tooling', 'services', 'src', 'install.ts');
  const { exitCode, output } = await captureCommand(pinnedNode, ['--conditions=@holdfast/source', program], {
    cwd: root,
    env: toolEnvironment(),
  });
  process.stderr.write(output);
  return exitCode === 0 ? { passed: 1 } : { failed: 1 };
}
