import { accessSync, constants } from 'node:fs';
import { type Tool, defineTool } from './define-tool.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';

/** bindfs, which shows a folder through FUSE: the network file system that every Linux has. */
export const bindfsTool: Tool = defineTool({
  name: 'bindfs',
  variable: 'HOLDFAST_TEST_BINDFS',
  find: () => findProgram('bindfs'),
  install: async () => {
    if (!canInstallSystemPackages()) throw new Error('bindfs is a system package, and this is not root.');
    await installSystemPackages(['bindfs']);
  },
});

/**
 * The bindfs that tests of network folders use, or `undefined` after one loud line when there is none, or when this
 * machine lets nobody but root mount, or nobody at all.
 *
 * @throws Error when it could be used, is missing, and `CI` is `true`.
 */
export function bindfs(): string | undefined {
  if (process.getuid?.() === 0 && isUsable('/dev/fuse')) return bindfsTool.path();
  process.stderr.write('!!! SKIPPED: folders behind FUSE need root and /dev/fuse\n');
  return undefined;
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
