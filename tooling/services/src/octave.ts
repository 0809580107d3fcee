import { type Tool, defineTool } from './define-tool.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';

/** GNU Octave, which reads and writes the files of MATLAB: 80 MB of Debian's packages, installed in 15 s. */
export const octaveTool: Tool = defineTool({
  name: 'GNU Octave',
  variable: 'HOLDFAST_TEST_OCTAVE',
  systems: ['linux'],
  find: () => findProgram('octave-cli'),
  install: async () => {
    if (!canInstallSystemPackages()) throw new Error('Octave is a system package, and this is not root.');
    await installSystemPackages(['octave']);
  },
});

/**
 * The Octave that tests of MATLAB files ask, or `undefined` after one loud line when there is none.
 *
 * @throws Error when there is none on Linux and `CI` is `true`.
 */
export function octave(): string | undefined {
  return octaveTool.path();
}
