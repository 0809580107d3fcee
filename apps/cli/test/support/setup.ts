import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'rolldown';
import configuration from '../../rolldown.config.ts';

const application = join(import.meta.dirname, '..', '..');
const output = join(application, 'dist');

/**
 * Bundles the executable as it is published, for the tests of one run, which start it some thousand times: from its
 * sources every start would load hundreds of modules. `HOLDFAST_TEST_EXECUTABLE` names it.
 */
export async function setup(): Promise<() => Promise<void>> {
  await mkdir(output, { recursive: true });
  const folder = await mkdtemp(join(output, 'test-bundle-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await build({
      ...configuration,
      cwd: application,
      logLevel: 'warn',
      output: { ...configuration.output, dir: folder, cleanDir: false },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  process.env['HOLDFAST_TEST_EXECUTABLE'] = join(folder, 'main.js');
  return remove;
}
