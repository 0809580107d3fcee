import { join } from 'node:path';
import { offlineEnvironment } from './offline-environment.mjs';
import { pinnedNode, root } from './repository.mjs';
import { captureCommand } from './run-command.mjs';

const program = join(root, 'tooling', 'lint', 'src', 'generate-backends.ts');

/** Compares the tables of docs/backends.md with what the tests found, as one test. */
export async function checkBackends() {
  const { exitCode, output } = await captureCommand(pinnedNode, [program, '--check'], {
    cwd: root,
    env: offlineEnvironment(),
  });
  process.stderr.write(output);
  return exitCode === 0 ? { passed: 1 } : { failed: 1 };
}
