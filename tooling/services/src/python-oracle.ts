import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { defineTool, type Tool } from './define-tool.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';
import { runProgram } from './run-program.ts';

const requirements = join(import.meta.dirname, '..', 'python', 'requirements.txt');
const folder = join(cacheFolder, 'python-oracle');
const python = join(
  folder,
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
);
const stampFile = join(folder, 'installed');

/** Python with numpy, onnx and safetensors, in an environment of the repository's own. */
export const pythonOracleTool: Tool = defineTool({
  name: 'Python with numpy, onnx and safetensors',
  variable: 'HOLDFAST_TEST_PYTHON',
  find: () => (existsSync(python) && isCurrent() ? python : undefined),
  install,
});

/**
 * The Python that differential tests ask, or `undefined` after one loud line when there is none.
 *
 * @throws Error when there is none and `CI` is `true`.
 */
export function pythonOracle(): string | undefined {
  return pythonOracleTool.path();
}

async function install(): Promise<void> {
  await createEnvironment();
  await runProgram(python, [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--requirement',
    requirements,
  ]);
  await writeFile(stampFile, fingerprint());
}

/** Debian's Python comes without the module that makes environments. */
async function createEnvironment(): Promise<void> {
  try {
    await runVenv();
  } catch (error) {
    if (!canInstallSystemPackages()) throw error;
    await installSystemPackages(['python3-venv']);
    await runVenv();
  }
}

async function runVenv(): Promise<void> {
  await runProgram(findProgram('python3') ?? 'python', ['-m', 'venv', '--clear', folder]);
}

function isCurrent(): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
}

function fingerprint(): string {
  return createHash('sha256').update(readFileSync(requirements)).digest('hex');
}
