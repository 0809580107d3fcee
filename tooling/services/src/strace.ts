import { type Tool, defineTool } from './define-tool.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';

/** strace, which can kill a process at a given system call, or make the call fail. */
export const straceTool: Tool = defineTool({
  name: 'strace',
  variable: 'HOLDFAST_TEST_STRACE',
  systems: ['linux'],
  find: () => findProgram('strace'),
  install: async () => {
    if (!canInstallSystemPackages()) throw new Error('strace is a system package, and this is not root.');
    await installSystemPackages(['strace']);
  },
});

/**
 * The strace that crash tests use, or `undefined` after one loud line when there is none.
 *
 * @throws Error when there is none and `CI` is `true`.
 */
export function strace(): string | undefined {
  return straceTool.path();
}
